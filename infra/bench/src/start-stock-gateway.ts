import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '@weft/config';
import type { LocalGraph } from '@weft/local';

export interface StockGateway {
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

/** Starts the rival as a process of its own before the same subgraphs. `token` is the user that all its requests are for. */
export async function startStockGateway(graph: LocalGraph, token: string): Promise<StockGateway> {
  const secrets = JSON.parse(readFileSync(join(graph.directory, 'secrets', 'requests.json'), 'utf8')) as string[];
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    readonly sub: string;
    readonly preferred_username: string;
  };
  const child = fork(new URL('./stock-gateway.ts', import.meta.url), [], {
    execArgv: ['--conditions=weft-source', '--disable-warning=ExperimentalWarning'],
    env: {
      ...environment(),
      NODE_ENV: 'production',
      APOLLO_TELEMETRY_DISABLED: '1',
      BENCH_SECRETS: secrets.join(','),
      BENCH_SUPERGRAPH: join(graph.directory, 'supergraph.graphql'),
      BENCH_IDENTITY: JSON.stringify({ subject: claims.sub, scopes: [], username: claims.preferred_username }),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { url: string }).url));
    child.once('exit', (code) => reject(new Error(`the stock gateway ended with ${code}`)));
  });
  return { url, pid: child.pid ?? 0, stop: () => void child.kill() };
}
