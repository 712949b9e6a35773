/** CPU of a rival / CPU of ours for one request: what has to be reached at least. */
export const CPU_TARGETS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  stock: { storefront: 28, list: 28, 'two-hop': 12, tiny: 8, cold: 3 },
  'hive-router': { storefront: 13, list: 14, 'two-hop': 10, tiny: 8, cold: 2 },
  grafbase: { storefront: 2.5, list: 2.5, 'two-hop': 1.3, tiny: 1 },
};

/** Resident at 50 connections. */
export const MOST_RSS_MIB = 200;

/** Our p99 on `tiny` against the Rust gateway's. */
export const MOST_TINY_P99_RATIO = 1.5;
