import type { GraphqlAnswer, GraphqlRequest } from '../graphql-request.ts';
import type { OperationContext } from '../operation-context.ts';
import type { CachePolicy } from './cache-policy.ts';
import type { KnownDocument } from './documents.ts';

/** Parses, validates and runs operations of one supergraph. */
export interface OperationHost {
  /** Hash of the supergraph: answers of different ones are never mixed. */
  readonly id: string;
  answer(request: GraphqlRequest, context: OperationContext): Promise<GraphqlAnswer>;
}

/** One operation on its way through the stages. */
export interface OperationRun {
  readonly request: GraphqlRequest;
  readonly context: OperationContext;
  /** Set by `lease`: the generation that admitted this operation, and that it ends on. */
  readonly host: OperationHost | undefined;
  /** Set by `limits`. */
  readonly document: KnownDocument | undefined;
  /** What subgraphs said about caching, once the answer is there. */
  readonly cachePolicy: () => CachePolicy | undefined;
}

export type Answer = (run: OperationRun) => Promise<GraphqlAnswer>;

/** One feature of the way of an operation. `wrap` runs once, when the gateway starts. */
export interface OperationStage {
  readonly name: string;
  /** One sentence for docs/lifecycle.md. */
  readonly does: string;
  wrap(next: Answer): Answer;
}
