import {
  bucketsOfShard,
  formatBuckets,
  rowsByBucket,
  type ShardAddresses,
  type ShardStatus,
  shardStatus,
  suggestMoves,
} from '@weft/database';
import { UserError } from '@weft/errors';
import { bucketOfId, bucketOfText, isId } from '@weft/ids';
import type { Terminal } from '../command.ts';
import type { ShardFiles } from './shard-files.ts';

/** `weft shard list`: exit code 1 when a shard does not answer. */
export async function listShards(files: ShardFiles, terminal: Terminal): Promise<number> {
  const { map } = files;
  const access = await files.access();
  const found = await Promise.all(map.shards.map((shard) => shardStatus(access, shard)));
  terminal.out(`version ${map.version} of the shard map`);
  for (const status of found) {
    const addresses = access.addresses.shards.find(({ name }) => name === status.shard);
    const buckets = bucketsOfShard(map, status.shard);
    terminal.out(`${status.shard}  ${buckets.length} buckets: ${formatBuckets(buckets)}`);
    terminal.out(`  ${addressText(addresses)}`);
    terminal.out(`  ${statusText(status, map.version)}`);
  }
  return found.some(({ problem }) => problem !== undefined) ? 1 : 0;
}

function statusText({ problem, mapVersion, bytes = 0, streaming, move }: ShardStatus, version: number): string {
  if (problem !== undefined) return `does not answer: ${problem}`;
  const parts = [`${(bytes / 1e6).toFixed(1)} MB`, `${streaming} replicas stream`];
  if (mapVersion !== version) parts.push(`goes by version ${mapVersion ?? 'none'} of the map`);
  if (move !== undefined) parts.push(`a move has not ended: ${move} (weft shard move --resume)`);
  return parts.join(', ');
}

function addressText(addresses: ShardAddresses | undefined): string {
  if (addresses === undefined) return 'not in the fleet file';
  const place = (url: string): string => new URL(url).host;
  return [`primary ${place(addresses.primary)}`, ...addresses.replicas.map((url) => `replica ${place(url)}`)].join(
    ', ',
  );
}

/** `weft shard where Product:123`: no server is asked. */
export async function whereIs(files: ShardFiles, name: string, terminal: Terminal): Promise<number> {
  const [, type, key] = /^([A-Za-z_]\w*):(.+)$/s.exec(name) ?? [];
  if (type === undefined || key === undefined) {
    throw new UserError(
      `weft shard where: read "${name}". Allowed: Type:id, such as Product:123, or a natural key, such as username:ada.`,
    );
  }
  const bucket = isId(key) ? bucketOfId(key) : bucketOfText(key);
  const shard = files.map.shardOfBucket(bucket);
  const how = isId(key) ? 'an id carries its bucket' : 'no id: by the hash of the key';
  terminal.out(
    `${name} lies in bucket ${bucket} (${how}), on ${shard} by version ${files.map.version} of the shard map`,
  );
  const addresses = await files.access().then(
    (access) => access.addresses.shards.find((one) => one.name === shard),
    () => undefined,
  );
  if (addresses !== undefined) terminal.out(`  ${addressText(addresses)}`);
  return 0;
}

/** `weft shard plan`: rows a shard, and moves that make them even. */
export async function planShards(files: ShardFiles, terminal: Terminal): Promise<number> {
  const { map } = files;
  const rows = await rowsByBucket(await files.access(), map, files.tables());
  for (const shard of map.shards) {
    const count = bucketsOfShard(map, shard).reduce((sum, bucket) => sum + (rows.get(bucket) ?? 0), 0);
    terminal.out(`${shard}  ${count} rows`);
  }
  const moves = suggestMoves(map, rows);
  if (moves.length === 0) terminal.out('They are even: nothing to move.');
  for (const { target, buckets, rows: count } of moves) {
    terminal.out(`weft shard move ${formatBuckets(buckets).replaceAll(' ', '')} --to ${target}   # ${count} rows`);
  }
  return 0;
}
