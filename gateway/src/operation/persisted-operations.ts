import { hash as digest } from 'node:crypto';
import { GraphError } from '@weft/errors';
import type { GraphqlRequest } from '../graphql-request.ts';
import type { OperationStage } from './operation-stage.ts';

/** Where document texts are kept by their hash; a failing store is an empty one. */
export interface DocumentStore {
  get(hash: string): Promise<string | undefined>;
  set(hash: string, text: string): void;
}

const HASH = /^[0-9a-f]{64}$/;

/** Automatic persisted queries: the protocol of Apollo's clients, `extensions.persistedQuery`, version 1. */
export function persistedOperationsStage(store: DocumentStore): OperationStage {
  return {
    name: 'persisted-operations',
    does: 'finds the document of a hash that was sent instead of it; remembers one that came with its hash and ran',
    wrap: (next) => async (run) => {
      const hash = persistedHash(run.request);
      if (hash === undefined) return next(run);
      const { query, extensions = {} } = run.request;
      const { persistedQuery: _taken, ...others } = extensions;
      if (query === undefined) {
        const text = await store.get(hash);
        if (text === undefined || sha256(text) !== hash)
          throw new GraphError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
        return await next({ ...run, request: { ...run.request, query: text, extensions: others } });
      }
      if (sha256(query) !== hash) throw new GraphError('BAD_REQUEST', 'The hash is not that of the document.');
      const answer = await next({ ...run, request: { ...run.request, extensions: others } });
      if (answer.operation !== undefined && !answer.documentError) store.set(hash, query);
      return answer;
    },
  };
}

function persistedHash({ extensions }: GraphqlRequest): string | undefined {
  const persisted = extensions?.persistedQuery;
  if (persisted === undefined || persisted === null) return undefined;
  const { version, sha256Hash } = persisted as { readonly version?: unknown; readonly sha256Hash?: unknown };
  if (version !== 1) throw new GraphError('BAD_REQUEST', 'Only version 1 of persistedQuery is known.');
  if (typeof sha256Hash !== 'string' || !HASH.test(sha256Hash)) {
    throw new GraphError('BAD_REQUEST', 'persistedQuery.sha256Hash must be 64 hex digits.');
  }
  return sha256Hash;
}

function sha256(text: string): string {
  return digest('sha256', text);
}
