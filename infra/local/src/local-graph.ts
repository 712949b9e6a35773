import type { Fleet } from '@weft/postgres';
import type { Child } from './children/supervisor.ts';
import type { Progress } from './command/progress.ts';
import type { AcceptedTokens } from './data/token-issuer.ts';

export interface LocalOptions {
  /** Data, secrets and logs; `.data` in the clone when left out. */
  readonly directory?: string;
  /** Of the first gateway. Left out: 4000 or the next free one. */
  readonly port?: number | undefined;
  /** Size of the data; left out: what is there, else 1. */
  readonly scale?: number | undefined;
  /** Removes what is there first. */
  readonly fresh?: boolean;
  /** So many gateways, and so many processes of each subgraph. */
  readonly copies?: number;
  /** No console, no introspection, and no demo users unless they are asked for. */
  readonly production?: boolean;
  /** Accept the demo users ada and grace; left out: as long as it is not production and no other issuer is named. */
  readonly demoIssuer?: boolean | undefined;
  /** The issuer whose tokens are accepted, instead of the demo users. */
  readonly accepted?: AcceptedTokens | undefined;
  /** Serve GraphiQL; building it costs some seconds, once in a clone. */
  readonly console?: boolean;
  readonly redisUrl?: string | undefined;
  readonly otlpUrl?: string | undefined;
  /** What the payment provider does besides its work: `fail=0.1,silent=0.05,twice=0.2,decline=0.1`. */
  readonly paymentFaults?: string | undefined;
  /** Another list of subgraphs than schema/subgraphs.yaml, relative to the clone. */
  readonly subgraphList?: string;
  readonly progress?: Progress;
  /** Ends the start, and what was started by then. */
  readonly signal?: AbortSignal | undefined;
}

/** The whole graph, running on this machine. */
export interface LocalGraph {
  /** Where GraphQL is served, by all gateways together: http://127.0.0.1:4000/graphql */
  readonly url: string;
  /** Of every gateway alone. */
  readonly gatewayUrls: readonly string[];
  /** Addresses of the processes of each subgraph, without a path. */
  readonly subgraphUrls: Readonly<Record<string, readonly string[]>>;
  readonly directory: string;
  readonly fleet: Fleet;
  /** Gateways, subgraphs and workers; each is started again when it ends. */
  readonly children: readonly Child[];
  /** The scale that the data was seeded at. */
  readonly scale: number;
  readonly hasConsole: boolean;
  /** Whose tokens are accepted; undefined: every token is refused. */
  readonly accepted?: AcceptedTokens | undefined;
  readonly hasDemoUsers: boolean;
  /** A token of `ada` or `grace`. Throws UserError when the demo users are not let in. */
  token(
    username: string,
    options?: { readonly lifetimeS?: number; readonly scopes?: readonly string[] },
  ): Promise<string>;
  /** Gateways, workers, subgraphs, Postgres, in this order. */
  stop(): Promise<void>;
}
