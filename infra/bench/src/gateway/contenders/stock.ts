import { fileURLToPath } from 'node:url';
import { startProcess } from '../start-process.ts';
import type { Contender } from './contender.ts';

const PROGRAM = fileURLToPath(new URL('./stock-process.ts', import.meta.url));

export const stock: Contender = {
  name: 'stock',
  title: '@apollo/server + @apollo/gateway',
  isInstalled: false,
  async start({ directory, supergraphFile, core }) {
    const started = await startProcess({
      name: 'stock',
      command: [process.execPath, '--conditions=weft-source', '--disable-warning=ExperimentalWarning', PROGRAM],
      // its metrics go to its vendor unless this is said
      environment: { APOLLO_TELEMETRY_DISABLED: '1', BENCH_SUPERGRAPH: supergraphFile },
      directory,
      core,
    });
    const { url } = started.greeting as { readonly url: string };
    return { name: 'stock', title: this.title, url, process: started };
  },
};
