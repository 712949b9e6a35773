import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '@weft/errors';
import { BUCKETS } from '@weft/ids';
import { parse } from 'yaml';
import { z } from 'zod';

/** Which shard holds which buckets, at one version. */
export interface ShardMap {
  readonly version: number;
  /** In the order of the file. */
  readonly shards: readonly string[];
  /** RangeError when the bucket is not one. */
  shardOfBucket(bucket: number): string;
  /** As the file has it. */
  readonly text: string;
}

const mapFile = z.strictObject({
  version: z.int().min(1),
  buckets: z.literal(BUCKETS),
  shards: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
        /** `none`: a new shard, before buckets are moved to it. */
        buckets: z.union([z.string(), z.int().min(0)]).transform(String),
      }),
    )
    .min(1),
});

/** Reads and checks a shard map. UserError (CONFIG_INVALID) names the file and the buckets that no shard or two shards hold. */
export function readShardMap(file: string): ShardMap {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw invalid(file, messageOf(error));
  }
  return parseShardMap(text, file);
}

export function parseShardMap(text: string, file = 'shard map'): ShardMap {
  let read: unknown;
  try {
    read = parse(text);
  } catch (error) {
    throw invalid(file, messageOf(error));
  }
  const result = mapFile.safeParse(read);
  if (!result.success) throw invalid(file, z.prettifyError(result.error));
  const { version, shards } = result.data;
  const names = shards.map((shard) => shard.name);
  if (new Set(names).size !== names.length) throw invalid(file, `two shards have one name: ${names.join(', ')}`);
  const owners = new Array<string | undefined>(BUCKETS).fill(undefined);
  for (const shard of shards) {
    for (const bucket of bucketsOf(shard.buckets, shard.name, file)) {
      const other = owners[bucket];
      if (other !== undefined) throw invalid(file, `bucket ${bucket} is given to ${other} and to ${shard.name}`);
      owners[bucket] = shard.name;
    }
  }
  const missing = owners.indexOf(undefined);
  if (missing >= 0) throw invalid(file, `bucket ${missing} is given to no shard (buckets are 0 to ${BUCKETS - 1})`);
  return {
    version,
    text,
    shards: names,
    shardOfBucket(bucket) {
      const shard = owners[bucket];
      if (shard === undefined) throw new RangeError(`there is no bucket ${bucket}`);
      return shard;
    },
  };
}

/** `0-341, 700, 710-720`, or `none`. UserError says what is allowed. */
export function parseBuckets(text: string): readonly number[] {
  return [...bucketsOf(text, undefined, 'buckets')];
}

/** The shortest text of buckets: `0-341, 700`. */
export function formatBuckets(buckets: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const bucket of [...buckets].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && bucket <= last[1] + 1) last[1] = bucket;
    else ranges.push([bucket, bucket]);
  }
  return ranges.length === 0 ? 'none' : ranges.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(', ');
}

/** The buckets of a shard, ascending. */
export function bucketsOfShard({ shardOfBucket }: ShardMap, shard: string): number[] {
  return Array.from({ length: BUCKETS }, (_, bucket) => bucket).filter((bucket) => shardOfBucket(bucket) === shard);
}

/** Buckets that two maps give to different shards, ascending. */
export function otherwiseOwned(one: ShardMap, other: ShardMap): number[] {
  return Array.from({ length: BUCKETS }, (_, bucket) => bucket).filter(
    (bucket) => one.shardOfBucket(bucket) !== other.shardOfBucket(bucket),
  );
}

/** The next version of a map, in which these buckets lie elsewhere; `to` may be a shard that it does not have yet. */
export function movedMap(map: ShardMap, buckets: readonly number[], to: string): ShardMap {
  const moved = new Set(buckets);
  const names = map.shards.includes(to) ? map.shards : [...map.shards, to];
  const lines = names.map((name) => {
    const own = bucketsOfShard(map, name).filter((bucket) => !moved.has(bucket));
    return `  - name: ${name}\n    buckets: ${formatBuckets(name === to ? [...own, ...moved] : own)}\n`;
  });
  const comments = map.text.split('\n').filter((line) => line.startsWith('#'));
  const head = comments.map((line) => `${line}\n`).join('');
  return parseShardMap(`${head}version: ${map.version + 1}\nbuckets: ${BUCKETS}\nshards:\n${lines.join('')}`);
}

function* bucketsOf(text: string, shard: string | undefined, file: string): Generator<number> {
  if (text.trim() === 'none') return;
  for (const part of text.split(',')) {
    const match = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part);
    const first = Number(match?.[1]);
    const last = match?.[2] === undefined ? first : Number(match[2]);
    if (match === null || first > last || last >= BUCKETS) {
      const allowed = `numbers and ranges within 0 to ${BUCKETS - 1}, such as 0-341`;
      const place = shard === undefined ? '' : `shards.${shard}.buckets: `;
      throw invalid(file, `${place}read "${part.trim()}", allowed are ${allowed}`);
    }
    for (let bucket = first; bucket <= last; bucket += 1) yield bucket;
  }
}

function invalid(file: string, why: string): UserError {
  return new UserError(`${file}: ${why}`, { code: 'CONFIG_INVALID' });
}
