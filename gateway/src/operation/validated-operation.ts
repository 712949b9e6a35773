import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { Kind } from 'graphql';
import type { OperationContext } from '../operation-context.ts';
import type { OperationAnswer } from '../written-answer.ts';

/** An operation that fits the schema. `document` may hold several; `operationName` picks one that exists. */
export interface ValidatedOperation {
  readonly document: DocumentNode;
  /** Of the document: what is made for an operation is kept by it and the name. */
  readonly hash: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Nobody reads the data of the answer: it may come as text. A stage that changes data leaves this out. */
  readonly unread?: boolean;
}

/** `unread` operations alone are answered by text. */
export type Execute = (operation: ValidatedOperation, context: OperationContext) => Promise<OperationAnswer>;

/** What runs a validated operation. */
export interface Executor {
  readonly schema: GraphQLSchema;
  execute: Execute;
}

/** One thing that a validated operation must pass before it is planned. `wrap` runs once for each supergraph. */
export interface ValidatedStage {
  readonly name: string;
  /** One sentence for docs/lifecycle.md. */
  readonly does: string;
  wrap(next: Execute): Execute;
}

/** The operation that runs. */
export function operationOf({ document, operationName }: ValidatedOperation): OperationDefinitionNode {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if (operationName === undefined || operationName === '' || definition.name?.value === operationName)
      return definition;
  }
  throw new Error('a validated operation is not in its document');
}

/** Keeps what was made for an operation, per name; the oldest use goes first. */
export function perOperation<Made>(most: number, make: (operation: ValidatedOperation) => Made) {
  const kept = new Map<string, Made>();
  return (operation: ValidatedOperation): Made => {
    const key = `${operation.hash}\n${operation.operationName ?? ''}`;
    const found = kept.get(key);
    const made = found === undefined && !kept.has(key) ? make(operation) : (found as Made);
    // while there is room, which one was used last is no question
    if (found !== undefined && kept.size <= most / 2) return made;
    kept.delete(key);
    kept.set(key, made);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return made;
  };
}
