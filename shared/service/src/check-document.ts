import { type ErrorCode, GraphError } from '@weft/errors';
import type { DocumentLimits } from './document-limits.ts';
import { shapeOf } from './document-shape.ts';
import { spreadOut } from './spread-out.ts';

/** What a document was counted to be. */
export interface DocumentCounts {
  readonly tokens: number;
  readonly aliases: number;
  readonly directives: number;
  /** Of the operation that has most. */
  readonly depth: number;
  readonly rootFields: number;
  readonly selections: number;
}

/**
 * Refuses a document that is over a limit, before anything parses it: one pass over the text that ends at the first
 * limit, never recursive. What is not GraphQL passes up to where the parser will refuse it.
 */
export function checkDocument(text: string, limits: DocumentLimits): DocumentCounts {
  // A character is at least one byte, so most documents that are too large need no counting.
  if (text.length > limits.bytes || Buffer.byteLength(text) > limits.bytes) {
    throw over('MAX_BYTES_LIMIT', 'bytes', limits.bytes);
  }
  const shape = shapeOf(text, {
    onTokens: (count) => refuse('MAX_TOKENS_LIMIT', 'tokens', count, limits.tokens),
    onNesting: (count) => refuse('MAX_DEPTH_LIMIT', 'brackets inside each other', count, limits.nesting),
  });
  refuse('MAX_ALIASES_LIMIT', 'aliases', shape.aliases, limits.aliases);
  refuse('MAX_DIRECTIVES_LIMIT', 'directives', shape.directives, limits.directives);
  let [depth, rootFields, selections] = [0, 0, 0];
  for (const operation of spreadOut(shape.definitions)) {
    refuse('MAX_DEPTH_LIMIT', 'levels of fields', operation.depth, limits.depth);
    refuse('MAX_ROOT_FIELDS_LIMIT', 'root fields', operation.rootFields, limits.rootFields);
    refuse('MAX_SELECTIONS_LIMIT', 'fields with its fragments spread out', operation.selections, limits.selections);
    depth = Math.max(depth, operation.depth);
    rootFields = Math.max(rootFields, operation.rootFields);
    selections = Math.max(selections, operation.selections);
  }
  return { tokens: shape.tokens, aliases: shape.aliases, directives: shape.directives, depth, rootFields, selections };
}

function refuse(code: ErrorCode, what: string, count: number, limit: number): void {
  if (count > limit) throw over(code, what, limit);
}

function over(code: ErrorCode, what: string, limit: number): GraphError {
  return new GraphError(code, `The document has more than ${limit} ${what}.`, { extensions: { limit } });
}
