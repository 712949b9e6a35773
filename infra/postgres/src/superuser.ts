import { Client } from 'pg';
import { SUPERUSER } from './secrets.ts';
import type { Server } from './server.ts';

/** Runs one statement as the superuser and gives its rows. */
export async function asSuperuser<Row>(
  server: Server,
  password: string,
  statement: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new Client({
    host: server.host,
    port: server.port,
    user: SUPERUSER,
    password,
    database: 'weft',
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    application_name: 'weft-fleet',
  });
  client.on('error', () => {}); // the statement itself rejects
  try {
    await client.connect();
    return (await client.query(statement, [...values])).rows as Row[];
  } finally {
    await client.end().catch(() => {});
  }
}
