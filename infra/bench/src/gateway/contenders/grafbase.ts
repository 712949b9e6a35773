import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import { rivalFile } from '../install-rivals.ts';
import { startProcess } from '../start-process.ts';
import { SUBGRAPHS, sdlFile } from '../subgraphs.ts';
import { answersTypename, type Contender } from './contender.ts';

const BINARY = 'node_modules/@grafbase/cli-x86_64-unknown-linux-musl/grafbase';

/** The Rust gateway inside `grafbase dev`; it composes the subgraphs itself. */
export const grafbase: Contender = {
  name: 'grafbase',
  title: 'Rust: grafbase dev',
  isInstalled: true,
  async start({ directory, subgraphs, core }) {
    const binary = rivalFile(BINARY);
    if (!existsSync(binary)) throw new Error('the binary is published for Linux on x64 only');
    const home = `${directory}/grafbase-home`;
    await mkdir(home, { recursive: true });
    const gatewayFile = `${directory}/grafbase-gateway.toml`;
    await writeFile(gatewayFile, '[[headers]]\nrule = "forward"\nname = "authorization"\n');
    const graphFile = `${directory}/grafbase-graph.toml`;
    const tables = SUBGRAPHS.map(
      (name) => `[subgraphs.${name}]\nurl = "${subgraphs[name]}"\nschema_path = "${fileURLToPath(sdlFile(name))}"\n`,
    );
    await writeFile(graphFile, tables.join('\n'));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/graphql`;
    const started = await startProcess({
      name: 'grafbase',
      command: [
        binary,
        ...['--home', home, 'dev', '--port', String(port)],
        ...['--gateway-config', gatewayFile, '--graph-overrides', graphFile],
      ],
      directory,
      core,
      isReady: () => answersTypename(url),
    });
    return { name: 'grafbase', title: this.title, url, process: started };
  },
};
