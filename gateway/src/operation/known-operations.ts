import type { DocumentNode } from 'graphql';
import type { GraphqlAnswer, GraphqlRequest } from '../graphql-request.ts';

/** An operation that was parsed, validated and found in its document before. */
export interface HostedOperation {
  readonly document: DocumentNode;
  readonly hash: string;
  readonly operation: NonNullable<GraphqlAnswer['operation']>;
}

export interface KnownOperations {
  find(request: GraphqlRequest): HostedOperation | undefined;
  learn(query: string, operationName: string | undefined, operation: HostedOperation): void;
}

/** Most memory for remembered texts, two bytes a character; a parsed document takes some twenty times as much. */
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_OPERATIONS = 2_000;

/** By the document's text, the one not used for longest goes first. Of one schema: what is valid for another is not here. */
export function createKnownOperations(): KnownOperations {
  const byText = new Map<string, Map<string, HostedOperation>>();
  let bytes = 0;
  return {
    find({ query, operationName = '' }) {
      if (query === undefined) return undefined;
      const found = byText.get(query);
      const operation = found?.get(operationName);
      if (operation === undefined || found === undefined) return undefined;
      // while there is room, which one was used last is no question
      if (byText.size > MOST_OPERATIONS / 2 || bytes > MOST_BYTES / 2) {
        byText.delete(query);
        byText.set(query, found);
      }
      return operation;
    },
    learn(query, operationName = '', operation) {
      const known = byText.get(query);
      if (known !== undefined) return void known.set(operationName, operation);
      byText.set(query, new Map([[operationName, operation]]));
      bytes += query.length * 2;
      for (const oldest of byText.keys()) {
        if (bytes <= MOST_BYTES && byText.size <= MOST_OPERATIONS) break;
        byText.delete(oldest);
        bytes -= oldest.length * 2;
      }
    },
  };
}
