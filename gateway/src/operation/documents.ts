import { hash } from 'node:crypto';
import { GraphError } from '@weft/errors';
import { stripIgnoredCharacters } from 'graphql';

/** What is known about the text of a document before it is parsed. */
export interface KnownDocument {
  /** Hash of the text without comments, commas and spaces; undefined when the text is not even tokens. */
  readonly normalisedHash: string | undefined;
}

export interface Documents {
  /** Refuses a text that is over a limit, by a GraphError; a text that passed once is not read again. */
  check(text: string): KnownDocument;
}

/** Most memory for remembered texts, two bytes a character. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Counts what a text holds, or refuses it by a GraphError. */
export type CountDocument = (text: string) => { readonly tokens: number; readonly operations: number };

/** Remembers texts that are within the limits, by the text itself. Shared by all generations: limits know no schema. */
export function createDocuments(options: { readonly count: CountDocument }): Documents {
  const known = new Map<string, KnownDocument>();
  let bytes = 0;
  return {
    check(text) {
      const found = known.get(text);
      if (found !== undefined) return found;
      const { tokens, operations } = options.count(text);
      // the parser takes it, and validation would only say that its fragments are not used
      if (tokens > 0 && operations === 0) throw new GraphError('BAD_REQUEST', 'The document has no operation.');
      const document = { normalisedHash: normalisedHash(text) };
      known.set(text, document);
      bytes += text.length * 2;
      for (const oldest of known.keys()) {
        if (bytes <= MOST_BYTES) break;
        known.delete(oldest);
        bytes -= oldest.length * 2;
      }
      return document;
    },
  };
}

function normalisedHash(text: string): string | undefined {
  try {
    return hash('sha256', stripIgnoredCharacters(text), 'base64url');
  } catch {
    return undefined; // whoever parses it tells the client what is wrong
  }
}
