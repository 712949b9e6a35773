import { writeFile } from 'node:fs/promises';
import { freePort } from '../free-port.ts';
import { rivalFile } from '../install-rivals.ts';
import { startProcess } from '../start-process.ts';
import { answersTypename, type Contender } from './contender.ts';

function hiveGateway(name: string, title: string, flags: readonly string[]): Contender {
  return {
    name,
    title,
    isInstalled: true,
    async start({ directory, supergraphFile, core, dedupe }) {
      const config = `${directory}/${name}.config.mjs`;
      await writeFile(
        config,
        `export const gatewayConfig = {
  logging: 'warn',
  landingPage: false,
  graphiql: false,
  pollingInterval: 0,
  inboundInflightRequestDeduplication: ${dedupe},
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') ?? undefined }),
  },
};
`,
      );
      const port = await freePort();
      const url = `http://127.0.0.1:${port}/graphql`;
      const program = rivalFile('node_modules/@graphql-hive/gateway/dist/bin.js');
      const started = await startProcess({
        name,
        command: [
          process.execPath,
          program,
          'supergraph',
          supergraphFile,
          ...['--host', '127.0.0.1', '--port', String(port), '--config-path', config],
          ...flags,
        ],
        directory,
        core,
        isReady: () => answersTypename(url),
      });
      return { name, title, url, process: started };
    },
  };
}

export const hive = hiveGateway('hive', 'Hive Gateway --jit', ['--jit']);
export const hiveRouter = hiveGateway('hive-router', 'Hive Gateway + Rust planner', ['--hive-router-runtime']);
