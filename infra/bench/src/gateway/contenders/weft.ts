import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../start-process.ts';
import { TOKEN_AUDIENCE, TOKEN_ISSUER, TOKEN_SECRET } from '../tokens.ts';
import type { Contender } from './contender.ts';

const MAIN = fileURLToPath(new URL('../../../../../gateway/src/main.ts', import.meta.url));

/**
 * Our gateway as a process of its own, in production mode on its defaults: limits, masked errors, metrics, the tracing
 * API without an exporter, and tokens verified, which no rival does. Only the response cache is off, as everywhere.
 */
export const weft: Contender = {
  name: 'weft',
  title: 'Weft',
  isInstalled: false,
  async start({ directory, supergraphFile, core, engine, extraConfig, nodeFlags }) {
    const file = `${directory}/gateway.yaml`;
    await writeFile(
      file,
      `mode: production
unsigned: true
http: { port: 0 }
supergraph: { file: ${JSON.stringify(supergraphFile)} }
headers: { forward: [authorization] }
responseCache: { enabled: false }
authentication:
  sharedSecret: ${JSON.stringify(TOKEN_SECRET)}
  issuer: ${TOKEN_ISSUER}
  audience: ${TOKEN_AUDIENCE}
${engine === undefined ? '' : `engine: ${engine}\n`}${extraConfig}`,
    );
    const started = await startProcess({
      name: 'weft',
      command: [
        process.execPath,
        '--conditions=weft-source',
        '--disable-warning=ExperimentalWarning',
        ...nodeFlags,
        MAIN,
        file,
      ],
      directory,
      core,
    });
    const { url } = started.greeting as { readonly url: string };
    const address = new URL(url);
    if (address.pathname === '/') address.pathname = '/graphql';
    return { name: 'weft', title: `Weft (${engine ?? 'shipped'} engine)`, url: address.href, process: started };
  },
};
