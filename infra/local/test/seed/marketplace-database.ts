import type { Fleet } from '@weft/postgres';
import pg from 'pg';
import { TABLES } from './tables.ts';

export const SHARDS = ['shard-1', 'shard-2', 'shard-3'];

/** The buckets of each shard, as in the shard map of the repository. */
export const shardMap = {
  shards: SHARDS,
  shardOfBucket: (bucket: number) => (bucket < 342 ? 'shard-1' : bucket < 683 ? 'shard-2' : 'shard-3'),
};

/** A database of its own on every shard of a fleet, with the marketplace's tables. */
export interface MarketplaceDatabase {
  readonly urls: Readonly<Record<string, string>>;
  connect(shard: string): Promise<pg.Client>;
  /** The rows of all shards, one after the other. */
  everywhere<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>;
  on<Row extends pg.QueryResultRow>(shard: string, sql: string): Promise<Row[]>;
}

export async function createMarketplaceDatabase(fleet: Fleet, name: string): Promise<MarketplaceDatabase> {
  const { user, password } = fleet.superuser;
  const urlOf = (shard: string, database: string) => {
    const server = fleet.shards.find((each) => each.name === shard)?.primary;
    return `postgres://${user}:${password}@${server?.host}:${server?.port}/${database}`;
  };
  const run = async <Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  for (const shard of SHARDS) {
    await run(urlOf(shard, 'weft'), `create database ${name}`);
    await run(urlOf(shard, name), TABLES);
  }
  const on = <Row extends pg.QueryResultRow>(shard: string, sql: string) => run<Row>(urlOf(shard, name), sql);
  return {
    urls: Object.fromEntries(SHARDS.map((shard) => [shard, urlOf(shard, name)])),
    on,
    async connect(shard) {
      const client = new pg.Client(urlOf(shard, name));
      await client.connect();
      return client;
    },
    async everywhere<Row extends pg.QueryResultRow>(sql: string) {
      const rows: Row[] = [];
      for (const shard of SHARDS) rows.push(...(await on<Row>(shard, sql)));
      return rows;
    },
  };
}
