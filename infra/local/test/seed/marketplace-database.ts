import { migrateSubgraph, readShardMap } from '@weft/database';
import type { Fleet } from '@weft/postgres';
import { jobsSchemaOf } from '@weft/queue';
import pg from 'pg';
import { SHARD_MAP_FILE } from '../../src/data/clone.ts';
import { loadDefinition } from '../../src/migrate.ts';

const SUBGRAPHS = ['accounts', 'products', 'inventory', 'reviews', 'orders'];

export const shardMap = readShardMap(SHARD_MAP_FILE);

/** A database of its own on every shard of a fleet, with the marketplace's tables. */
export interface MarketplaceDatabase {
  readonly urls: Readonly<Record<string, string>>;
  connect(shard: string): Promise<pg.Client>;
  /** The rows of all shards, one after the other. */
  everywhere<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>;
  on<Row extends pg.QueryResultRow>(shard: string, sql: string): Promise<Row[]>;
}

/** Made by the subgraphs' own migrations. */
export async function createMarketplaceDatabase(fleet: Fleet, name: string): Promise<MarketplaceDatabase> {
  const { superuser } = fleet;
  const urlOf = (shard: string, database: string, credentials = '') => {
    const server = fleet.shards.find((each) => each.name === shard)?.primary;
    return `postgres://${credentials}${server?.host}:${server?.port}/${database}`;
  };
  const asSuperuser = (shard: string, database: string) =>
    urlOf(shard, database, `${superuser.user}:${superuser.password}@`);
  for (const shard of shardMap.shards) await run(asSuperuser(shard, 'weft'), `create database ${name}`);
  const addresses = {
    shards: shardMap.shards.map((shard) => ({ name: shard, primary: urlOf(shard, name), replicas: [] })),
  };
  for (const subgraph of SUBGRAPHS) {
    const { migrations, jobs } = await loadDefinition(subgraph);
    const passwords = { owner: 'owner', runtime: 'runtime' };
    const schemas = jobs?.length ? [jobsSchemaOf(subgraph)] : [];
    await migrateSubgraph({ subgraph, migrations, addresses, superuser, passwords, shardMap, schemas });
  }
  const on = <Row extends pg.QueryResultRow>(shard: string, sql: string) => run<Row>(asSuperuser(shard, name), sql);
  return {
    urls: Object.fromEntries(shardMap.shards.map((shard) => [shard, asSuperuser(shard, name)])),
    on,
    async connect(shard) {
      const client = new pg.Client(asSuperuser(shard, name));
      await client.connect();
      return client;
    },
    async everywhere<Row extends pg.QueryResultRow>(sql: string) {
      const rows: Row[] = [];
      for (const shard of shardMap.shards) rows.push(...(await on<Row>(shard, sql)));
      return rows;
    },
  };
}

async function run<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
