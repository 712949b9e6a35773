import { build } from 'vite';

/** Bundles the page of argv[2] into argv[3]. Everything it needs is in the output; nothing is fetched from elsewhere. */
const [, , root, outDir] = process.argv;
if (!root || !outDir) throw new Error('usage: build-console <page folder> <output folder>');

await build({
  configFile: false,
  root,
  base: '/console/',
  logLevel: 'warn',
  worker: { format: 'es' },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: false,
    // the editor is one large library, loaded once from the same machine
    chunkSizeWarningLimit: 8_192,
  },
});
process.disconnect?.();
