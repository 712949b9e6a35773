import { rename, writeFile } from 'node:fs/promises';
import {
  formatBuckets,
  type MoveOptions,
  type MovePlan,
  moveBuckets,
  movedMap,
  parseBuckets,
  planMove,
  resumeMove,
  type ShardMap,
} from '@weft/database';
import { UserError } from '@weft/errors';
import type { FlagValues, Terminal } from '../command.ts';
import type { ShardFiles } from './shard-files.ts';

/** `weft shard add shard-4`: a new shard without buckets. Processes learn of it when they start with the new map. */
export async function addShard(files: ShardFiles, name: string, terminal: Terminal): Promise<number> {
  if (files.map.shards.includes(name)) throw new UserError(`weft shard add: the map has ${name} already.`);
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
    throw new UserError(`weft shard add: read "${name}". Allowed: small letters, digits and -, a letter first.`);
  }
  const next = movedMap(files.map, [], name);
  await writeMap(files.mapFile, next);
  terminal.out(`${files.mapFile} is version ${next.version} and has ${name}, without buckets yet.`);
  terminal.out(`Next: put its address into the fleet file, migrate it, restart every process; then weft shard plan.`);
  return 0;
}

/** `weft shard move`, `--dry-run`, `--resume`. */
export async function moveShards(
  files: ShardFiles,
  buckets: string | undefined,
  flags: FlagValues,
  terminal: Terminal,
): Promise<number> {
  const signals = abortOnSignal(terminal);
  const common = {
    ...(await files.access()),
    shardMap: files.map,
    sharded: files.tables(),
    diskIsEnough: flags['disk-is-enough'] === true,
    onProgress: (text: string) => terminal.progress(text),
    onMap: (map: ShardMap) => writeMap(files.mapFile, map),
    signal: signals.signal,
  };
  try {
    if (flags.resume === true) return await resume(common, terminal);
    if (buckets === undefined || typeof flags.to !== 'string') {
      throw new UserError('weft shard move: say which buckets and where to: weft shard move 0-99,120 --to shard-2');
    }
    const options = { ...common, buckets: parseBuckets(buckets), to: flags.to };
    if (flags['dry-run'] === true) return await dryRun(options, terminal);
    const { map, source, target, pauseMs = 0, rowsRemoved } = await moveBuckets(options);
    terminal.out(
      `Buckets ${buckets} lie on ${target} now, by version ${map.version} of the shard map. ${source} had ${rowsRemoved} rows of them. They took no writes for ${Math.round(pauseMs)} ms.`,
    );
    return 0;
  } finally {
    signals.end();
  }
}

async function resume(options: Omit<MoveOptions, 'buckets' | 'to'>, terminal: Terminal): Promise<number> {
  const found = await resumeMove(options);
  if (found === undefined) {
    terminal.out('No move was left unended.');
    return 0;
  }
  const { source, target, buckets } = found.report;
  const text = formatBuckets(buckets);
  terminal.out(
    found.done === 'ended'
      ? `The move of ${text} from ${source} to ${target} is ended: they lie on ${target}.`
      : `The move of ${text} from ${source} to ${target} is undone: they lie on ${source}, as before.`,
  );
  return 0;
}

/** Exit code 1 when something is in the way. */
async function dryRun(options: MoveOptions, terminal: Terminal): Promise<number> {
  const plan: MovePlan = await planMove(options);
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  terminal.out(
    `${formatBuckets(plan.buckets)}: ${plan.rows} rows, ${megabytes(plan.bytes)}, from ${plan.source} to ${plan.target}`,
  );
  for (const { table, rows, bytes } of plan.tables)
    if (rows > 0) terminal.out(`  ${table}  ${rows} rows, ${megabytes(bytes)}`);
  if (plan.freeBytes !== undefined) terminal.out(`  ${megabytes(plan.freeBytes)} of disk are free on ${plan.target}`);
  for (const problem of plan.problems) terminal.out(`in the way: ${problem}`);
  return plan.problems.length === 0 ? 0 : 1;
}

/** In one step: a process that starts meanwhile reads the old or the new one. */
async function writeMap(file: string, { text }: ShardMap): Promise<void> {
  const part = `${file}.${process.pid}`;
  await writeFile(part, text);
  await rename(part, file);
}

/** Ctrl-C undoes a move up to its cut-over. */
function abortOnSignal(terminal: Terminal): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const abort = (): void => {
    terminal.progress('stopping: what was not cut over is undone');
    controller.abort(new UserError('The move was stopped.', { exitCode: 1 }));
  };
  process.once('SIGINT', abort).once('SIGTERM', abort);
  return {
    signal: controller.signal,
    end: () => void process.off('SIGINT', abort).off('SIGTERM', abort),
  };
}
