import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isGraphError, UserError } from '@weft/errors';
import { checkSchema } from '../check.ts';
import type { CheckBase, CheckInput } from '../check-input.ts';
import { type Composition, composeSubgraphs, type SubgraphSource } from '../compose/compose.ts';
import { loadAsGateway } from '../compose/load-as-gateway.ts';
import { contractSupergraph } from '../exposure/contract-schema.ts';
import type { CheckReport } from '../report.ts';
import { readApprovals } from './approvals-file.ts';
import { readBase } from './read-base.ts';
import { readOperations, readUsage } from './read-operations.ts';
import { readSubgraphList, readSubgraphs } from './subgraph-list.ts';
import { whenThere } from './when-there.ts';

export interface ComposeFilesOptions {
  /** The list of subgraphs, relative to `directory`. */
  readonly config: string;
  readonly urls?: Readonly<Record<string, string>>;
  /** Of this contract instead of the whole. */
  readonly contract?: string | undefined;
  /** Where the command runs: paths are read and shown relative to it. */
  readonly directory: string;
}

/** `weft compose` without its output: a result is one that the gateway loads. Throws UserError for unreadable input. */
export function composeFiles({ config, urls = {}, contract, directory }: ComposeFilesOptions): Composition {
  const { list, sources } = readSubgraphList(config, { urls, directory });
  const chosen = contract === undefined ? undefined : list.contracts[contract];
  if (contract !== undefined && chosen === undefined) {
    const known = Object.keys(list.contracts).join(', ') || 'none';
    throw new UserError(`--contract: read "${contract}". Known in ${config}: ${known}.`);
  }
  const whole = composeSubgraphs(sources);
  if ('errors' in whole) return whole;
  const supergraphSdl = chosen === undefined ? whole.supergraphSdl : contractSupergraph(whole.supergraphSdl, chosen);
  const loaded = loadAsGateway(supergraphSdl);
  return 'schema' in loaded ? { ...whole, supergraphSdl } : { errors: [loaded] };
}

export interface CheckFilesOptions extends Omit<ComposeFilesOptions, 'urls' | 'contract'> {
  /** A supergraph file or `git:REF`; without it what was committed where this branch left the main one. */
  readonly base?: string | undefined;
  /** The branch to compare with, from where this one left it. */
  readonly changed?: string | undefined;
  /** A folder; without it `operations` beside the configuration. */
  readonly operations?: string | undefined;
  /** A file; without it `usage.ndjson` beside the configuration. */
  readonly usage?: string | undefined;
  readonly sinceMs?: number | undefined;
  /** A file; without it `approvals.yaml` beside the configuration. */
  readonly approvals?: string | undefined;
  /** `products`: only its change is checked. `products=FILE`: with this SDL. `-` is what `stdin` gives. */
  readonly words?: readonly string[];
  readonly stdin?: string | undefined;
  readonly allPlans?: boolean;
}

/** `weft check` without its output. Throws UserError for unreadable input. */
export async function checkFiles(options: CheckFilesOptions): Promise<CheckReport> {
  const { config, directory, operations, usage, sinceMs, approvals, allPlans = false } = options;
  const beside = (name: string) => join(dirname(config), name);
  const { list, sources } = readSubgraphList(config, { directory });
  const base = readBase({ ...options, supergraph: beside('supergraph.graphql') });
  const input: CheckInput = {
    subgraphs: changeSet(sources, base, options),
    base,
    operations: readOperations(operations, beside('operations'), directory),
    usage: readUsage({ given: usage, beside: beside('usage.ndjson'), sinceMs, directory }),
    policy: list.check,
    contracts: list.contracts,
    shardKeys: Object.fromEntries(Object.entries(list.subgraphs).map(([name, { shardKeys }]) => [name, shardKeys])),
    approvals: readApprovals(approvals ?? beside('approvals.yaml'), directory),
    allPlans,
  };
  try {
    return await checkSchema(input);
  } catch (error) {
    if (!isGraphError(error)) throw error;
    throw new UserError(`--base: ${base?.name} is no supergraph to compare with. ${error.message}`);
  }
}

/** All changes together when nothing is named; else those of the named subgraphs, the others as they are out now. */
function changeSet(
  sources: readonly SubgraphSource[],
  base: CheckBase | undefined,
  { words = [], stdin, directory, config }: CheckFilesOptions,
): SubgraphSource[] {
  if (words.length === 0) return [...sources];
  const named = new Map(words.map((word) => splitWord(word)));
  for (const name of named.keys()) {
    if (sources.some((source) => source.name === name)) continue;
    const known = sources.map((source) => source.name).join(', ');
    throw new UserError(`weft check: there is no subgraph ${name} in ${config}. Known: ${known}.`);
  }
  return sources.map((source) => {
    if (!named.has(source.name)) return base?.subgraphs?.find(({ name }) => name === source.name) ?? source;
    const file = named.get(source.name);
    return file === undefined ? source : { ...source, ...readSdl(file, directory, stdin) };
  });
}

function splitWord(word: string): [name: string, file: string | undefined] {
  const at = word.indexOf('=');
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function readSdl(file: string, directory: string, stdin: string | undefined): { file: string; sdl: string } {
  if (file === '-' && stdin !== undefined) return { file: 'stdin', sdl: stdin };
  const sdl = whenThere(() => readFileSync(resolve(directory, file), 'utf8'));
  if (sdl === undefined)
    throw new UserError(`weft check: there is no file ${file}. Allowed: a file with an SDL, or - for stdin.`);
  return { file, sdl };
}

/** Characters of SDL from which on composing takes more memory than a process should keep: use `inWorker`. */
const LARGE = 400_000;

/** Throws UserError as the commands do. */
export function isLargeGraph({ config, directory }: ComposeFilesOptions): boolean {
  return readSubgraphs(config, { directory }).reduce((sum, { sdl }) => sum + sdl.length, 0) > LARGE;
}
