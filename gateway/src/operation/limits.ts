import { GraphError } from '@weft/errors';
import type { Documents } from './documents.ts';
import type { OperationStage } from './operation-stage.ts';

/** Refuses documents over the limits before anything parses them. */
export function limitsStage(documents: Documents): OperationStage {
  return {
    name: 'limits',
    does: 'refuses a document over its bounds of bytes, tokens, depth, aliases and root fields, before it is parsed',
    wrap: (next) => async (run) => {
      const { query } = run.request;
      if (query === undefined || query === '') throw new GraphError('BAD_REQUEST', 'The request has no query.');
      return await next({ ...run, document: documents.check(query) });
    },
  };
}
