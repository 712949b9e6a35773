import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalGraph, type LocalOptions, startLocal } from '@weft/local';
import { freePort } from '@weft/testing';
import pg from 'pg';

export interface GraphAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: GraphAnswer;
}

/** The whole graph as `npm start` runs it, on free ports, with little data in a folder of its own. */
export interface RunningGraph {
  readonly graph: LocalGraph;
  ask(query: string, options?: AskOptions): Promise<Answered>;
  /** Runs SQL as the superuser on the primary of a shard. */
  sql(shard: string, text: string): Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export interface AskOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another gateway than the first. */
  readonly url?: string;
}

export async function startGraph(options: LocalOptions = {}): Promise<RunningGraph> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-drill-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  const graph = await startLocal({ directory, scale: 0.02, port: await freePort(), ...options }).catch(
    async (error: unknown) => {
      await remove();
      throw error;
    },
  );
  return {
    graph,
    ask: (query, asked = {}) => post(asked.url ?? graph.url, query, asked),
    sql: (shard, text) => runSql(graph, shard, text),
    stop: async () => {
      await graph.stop();
      await remove();
    },
  };
}

async function post(url: string, query: string, { variables, token, headers }: AskOptions): Promise<Answered> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as GraphAnswer };
}

async function runSql(graph: LocalGraph, shard: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const primary = graph.fleet.shards.find(({ name }) => name === shard)?.primary;
  if (primary === undefined) throw new Error(`no shard ${shard}`);
  const client = new pg.Client({ ...graph.fleet.superuser, host: '127.0.0.1', port: primary.port, database: 'weft' });
  await client.connect();
  try {
    const result = await client.query(text);
    return Array.isArray(result) ? [] : result.rows;
  } finally {
    await client.end();
  }
}
