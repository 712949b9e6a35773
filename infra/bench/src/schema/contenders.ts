import { fileURLToPath } from 'node:url';
import type { GraphFolder } from './graph-folder.ts';
import { runCommand, type Taken } from './run-command.ts';

const RIVALS = new URL('../../rivals-schema/', import.meta.url);
const rival = (path: string): string => fileURLToPath(new URL(`node_modules/${path}`, RIVALS));
const WEFT = fileURLToPath(new URL('../../../weft/bin/weft.mjs', import.meta.url));

export interface Contender {
  readonly name: string;
  /** What it does of what ours does; the others have no command that does more without their server. */
  readonly does: string;
  /** Exit codes that mean that it did it. */
  readonly exits: readonly number[];
  run(graph: GraphFolder): Promise<Taken>;
}

const BASE = 'api-before.graphql';

export const CONTENDERS: readonly Contender[] = [
  {
    name: 'weft check',
    does: 'compose, load, diff, replay, plans, caching, access',
    exits: [0],
    run: ({ directory }) => runCommand(WEFT, ['check', '--config', 'subgraphs.yaml'], directory),
  },
  {
    name: 'weft compose',
    does: 'compose, load',
    exits: [0],
    run: ({ directory }) =>
      runCommand(WEFT, ['compose', '--config', 'subgraphs.yaml', '--out', 'out.graphql'], directory),
  },
  {
    name: 'graphql-inspector diff',
    does: 'diff of two API schemas that are composed already',
    exits: [0, 1],
    run: ({ directory }) =>
      runCommand(rival('@graphql-inspector/cli/cjs/index.js'), ['diff', BASE, 'api-after.graphql'], directory),
  },
  {
    name: 'graphql-inspector validate',
    does: 'replay on an API schema that is composed already',
    exits: [0],
    run: ({ directory }) =>
      runCommand(
        rival('@graphql-inspector/cli/cjs/index.js'),
        ['validate', './operations/*.graphql', 'api-after.graphql'],
        directory,
      ),
  },
  {
    name: 'hive dev',
    does: 'compose',
    exits: [0],
    run: ({ directory, subgraphs }) => {
      const services = subgraphs.flatMap((name) => [
        '--service',
        name,
        '--url',
        `http://${name}.test`,
        '--schema',
        `${name}.graphql`,
      ]);
      return runCommand(rival('@graphql-hive/cli/bin/run'), ['dev', ...services, '--write', 'out.graphql'], directory);
    },
  },
];

export const START_UPS: readonly { readonly name: string; run(directory: string): Promise<Taken> }[] = [
  { name: 'weft', run: (directory) => runCommand(WEFT, ['--version'], directory) },
  { name: 'hive', run: (directory) => runCommand(rival('@graphql-hive/cli/bin/run'), ['--version'], directory) },
  {
    name: 'graphql-inspector',
    run: (directory) => runCommand(rival('@graphql-inspector/cli/cjs/index.js'), ['--version'], directory),
  },
];

export const RIVALS_FOLDER = RIVALS;
