import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../../', import.meta.url);

/** The root of this clone. */
export const CLONE = fileURLToPath(ROOT);

/** A file of the clone by its path from the root. */
export const inClone = (path: string): string => fileURLToPath(new URL(path, ROOT));

/**
 * Where Node keeps compiled code: a dozen processes that load the same libraries start in two thirds of the CPU. It
 * belongs to the clone and not to a data folder, so that a fresh one starts as fast.
 */
export const COMPILE_CACHE = inClone('node_modules/.cache/weft-compiled');

/** What every graph of this clone begins with; from then on it has a map of its own in its data folder. */
export const SHARD_MAP_FILE = inClone('infra/shards/shard-map.yaml');
