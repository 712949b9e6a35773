import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { OperationContext } from '../operation-context.ts';
import type { CallBytes, CallSubgraph } from '../subgraph-call.ts';
import type { OperationAnswer } from '../written-answer.ts';

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
  /** The same for who does not read the data, only passes it on. Absent: this engine knows objects alone. */
  answer?(operation: EngineOperation, context: OperationContext): Promise<OperationAnswer>;
  /** Operations that it was asked, the most used first; absent: it makes no plans beforehand. */
  used?(most: number): readonly UsedOperation[];
  /** Makes plans for operations of another engine as far as they fit this schema; gives how many are ready. Never rejects. */
  warm?(used: readonly UsedOperation[], bounds: { signal: AbortSignal; deadlineMs: number }): Promise<number>;
  stop(): Promise<void>;
}

export interface UsedOperation {
  readonly operation: Omit<EngineOperation, 'variables'>;
  /** Values of its conditions that it came with. */
  readonly conditions: readonly ((variable: string) => boolean)[];
}

export interface EngineOptions {
  readonly supergraphSdl: string;
  readonly call: CallSubgraph;
  /** Absent: `call`, over bytes. */
  readonly callBytes?: CallBytes;
  /** Keeps the words of errors that our own subgraphs send; without it every message of a subgraph is masked. */
  readonly trustSubgraphErrors: boolean;
  /** Extensions of a trusted error that go on to the client, beside `code`. */
  readonly errorExtensions: readonly string[];
}
