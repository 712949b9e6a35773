import { type ClientConfig, type CustomTypesConfig, types } from 'pg';

/** bigint, numeric, date, timestamp, timestamptz: kept as Postgres writes them. A row is read by more fields than are asked for. */
const AS_TEXT: ReadonlySet<number> = new Set([20, 1700, 1082, 1114, 1184]);

const asText = (text: string): string => text;

export const rawTypes = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    AS_TEXT.has(oid) ? asText : types.getTypeParser(oid, format as 'text'),
} as CustomTypesConfig;

export interface Credentials {
  readonly role: string;
  readonly password: string;
}

/**
 * How we connect to a server. Time zone and timeouts are set by the start-up packet, so no statement pays for them;
 * with UTC a timestamptz is written one way only, and texts of it sort as times do.
 */
export function clientSettings(options: {
  readonly url: string;
  readonly credentials: Credentials;
  readonly name: string;
  readonly statementTimeoutMs: number;
}): ClientConfig {
  const url = new URL(options.url);
  const settings = {
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    // Nothing is found by it: a table without its schema is an error at the first run.
    search_path: 'pg_catalog',
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs * 5,
  };
  return {
    // An IPv6 address has brackets in a URL and none elsewhere.
    host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 5_432),
    database: decodeURIComponent(url.pathname.slice(1)),
    user: options.credentials.role,
    password: options.credentials.password,
    application_name: options.name,
    keepAlive: true,
    types: rawTypes,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  };
}
