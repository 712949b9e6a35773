import { type ErrorCode, GraphError } from '@weft/errors';
import type { DocumentLimits } from './document-limits.ts';
import { shapeOf } from './document-shape.ts';
import { spreadOut } from './spread-out.ts';

/** What a document was counted to be. */
export interface DocumentCounts {
  /** 0 for a document of fragments alone. */
  readonly operations: number;
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
    throw over('LIMIT_EXCEEDED', 'bytes', limits.bytes);
  }
  const shape = shapeOf(text, {
    onTokens: (count) => refuse('TOO_MANY_TOKENS', 'tokens', count, limits.tokens),
    onNesting: (count) => refuse('MAX_DEPTH_LIMIT', 'brackets inside each other', count, limits.nesting),
  });
  refuse('MAX_ALIASES_LIMIT', 'aliases', shape.aliases, limits.aliases);
  refuse('LIMIT_EXCEEDED', 'directives', shape.directives, limits.directives);
  let [operations, depth, rootFields, selections] = [0, 0, 0, 0];
  for (const operation of spreadOut(shape.definitions)) {
    refuse('MAX_DEPTH_LIMIT', 'levels of fields', operation.depth, limits.depth);
    refuse('LIMIT_EXCEEDED', 'root fields', operation.rootFields, limits.rootFields);
    refuse(
      'COST_ESTIMATED_TOO_EXPENSIVE',
      'fields with its fragments spread out',
      operation.selections,
      limits.selections,
    );
    operations += 1;
    depth = Math.max(depth, operation.depth);
    rootFields = Math.max(rootFields, operation.rootFields);
    selections = Math.max(selections, operation.selections);
  }
  const { tokens, aliases, directives } = shape;
  return { tokens, aliases, directives, operations, depth, rootFields, selections };
}

function refuse(code: ErrorCode, what: string, count: number, limit: number): void {
  if (count > limit) throw over(code, what, limit);
}

function over(code: ErrorCode, what: string, limit: number): GraphError {
  return new GraphError(code, `The document has more than ${limit} ${what}.`, { extensions: { limit } });
}
