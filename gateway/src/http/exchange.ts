import type { IncomingMessage } from 'node:http';
import type { Identity } from '@weft/service';
import type { AnsweredError } from '../graphql-request.ts';

/** One HTTP request on its way through the stages; each stage adds what it knows. */
export interface Exchange {
  readonly request: IncomingMessage;
  /** Aborted when the client leaves before it has its answer. */
  readonly signal: AbortSignal;
  readonly path: string;
  /** What follows the question mark. */
  readonly search: string;
  /** Name that the client gives itself, for metrics; never a proof of anything. */
  readonly client: string | undefined;
  readonly user: Identity | null;
  /** Client headers that go on to subgraphs. */
  readonly forwardedHeaders: Readonly<Record<string, string>>;
  /** Puts headers on the answer, whichever that will be: an error too. */
  readonly tell: (headers: Readonly<Record<string, string>>) => void;
}

/** What is written back. A string is written as UTF-8. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** At most once, when nobody reads `body` any more: its memory is used again. */
  readonly release?: (() => void) | undefined;
  /** Those in the body, for metrics; absent: none. */
  readonly errors?: readonly AnsweredError[] | undefined;
  /** For span and metrics; undefined when no operation was found. */
  readonly operation?: { readonly name: string | undefined; readonly type: string } | undefined;
}

export type Handle = (exchange: Exchange) => Promise<HttpAnswer>;

/** One feature of the way of a request. `wrap` runs once, when the gateway starts. */
export interface HttpStage {
  readonly name: string;
  /** One sentence for docs/lifecycle.md. */
  readonly does: string;
  wrap(next: Handle): Handle;
}
