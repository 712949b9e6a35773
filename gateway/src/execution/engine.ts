import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { OperationContext } from '../operation-context.ts';
import type { CallSubgraph } from '../subgraph-call.ts';

/** A validated operation. `document` may hold several; `operationName` picks one that exists. */
export interface EngineOperation {
  readonly document: DocumentNode;
  /** Hash of the document's text: plans are kept by it. */
  readonly hash: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Plans and runs operations on one supergraph; lives as long as its generation.
 *
 * `execute` never rejects for what a client or a subgraph did: such errors are in the result, each a GraphQLError whose
 * `originalError` is a GraphError when its message is meant for clients, with the client's path. Whatever else it puts
 * there, or throws, is masked.
 */
export interface Engine {
  readonly name: string;
  /** What clients see. */
  readonly schema: GraphQLSchema;
  execute(operation: EngineOperation, context: OperationContext): Promise<ExecutionResult>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly supergraphSdl: string;
  readonly call: CallSubgraph;
  /** Keeps the words of errors that our own subgraphs send; without it every message of a subgraph is masked. */
  readonly trustSubgraphErrors: boolean;
  /** Extensions of a trusted error that go on to the client, beside `code`. */
  readonly errorExtensions: readonly string[];
}
