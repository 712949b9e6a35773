import { UserError } from '@weft/errors';
import { Client } from 'pg';
import type { FleetAddresses } from '../fleet-addresses.ts';
import { clientSettings } from '../server/client-settings.ts';

/** Copying a table takes its time; everything else that waits has a bound of its own. */
const STATEMENT_TIMEOUT_MS = 3_600_000;

export interface Superuser {
  readonly user: string;
  readonly password: string;
}

/** A superuser's connection to the primary of a shard. */
export interface Admin {
  readonly shard: string;
  /** What another Postgres needs to connect to this one. */
  readonly conninfo: string;
  query<Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function openAdmin(addresses: FleetAddresses, shard: string, superuser: Superuser): Promise<Admin> {
  const found = addresses.shards.find(({ name }) => name === shard);
  if (found === undefined) throw new UserError(`The fleet file does not name ${shard}.`);
  const settings = clientSettings({
    url: found.primary,
    credentials: { role: superuser.user, password: superuser.password },
    name: 'weft-move',
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  const client = new Client(settings);
  // A connection that breaks fails the statement that waits for it.
  client.on('error', () => {});
  await client.connect();
  /** One after the other: a connection runs one statement at a time. */
  let last: Promise<unknown> = Promise.resolve();
  const quoted = `'${superuser.password.replace(/['\\]/g, '\\$&')}'`;
  return {
    shard,
    conninfo: `host=${settings.host} port=${settings.port} dbname=${settings.database} user=${superuser.user} password=${quoted}`,
    query(sql, values = []) {
      const run = async () => {
        const result = await client.query(values.length === 0 ? sql : { text: sql, values: [...values] });
        return (Array.isArray(result) ? [] : result.rows) as never;
      };
      const ran = last.then(run, run);
      last = ran;
      return ran;
    },
    close: () => client.end(),
  };
}

/** A text inside SQL where no parameter may stand. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
