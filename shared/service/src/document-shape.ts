import { createDocumentScanner, TOKEN } from './document-scanner.ts';

/** An operation or a fragment as far as limits need it. */
export interface DefinitionShape {
  readonly isOperation: boolean;
  /** Of a fragment; '' for an operation. */
  readonly name: string;
  /** Fields at the first level, those of inline fragments included. */
  readonly rootFields: number;
  readonly selections: number;
  /** Levels of fields; an inline fragment is no level. */
  readonly depth: number;
  readonly spreads: readonly { readonly name: string; readonly level: number }[];
}

export interface DocumentShape {
  readonly tokens: number;
  readonly aliases: number;
  readonly directives: number;
  readonly definitions: readonly DefinitionShape[];
}

/** What may be counted before the walk ends early. */
export interface ShapeLimits {
  onTokens(count: number): void;
  onNesting(count: number): void;
}

const [OPEN_BRACE, CLOSE_BRACE, OPEN_PAREN, CLOSE_PAREN, OPEN_BRACKET, CLOSE_BRACKET] = [
  0x7b, 0x7d, 0x28, 0x29, 0x5b, 0x5d,
];
const [COLON, AT] = [0x3a, 0x40];
const CLOSED_BY: Readonly<Record<number, number>> = {
  [OPEN_BRACE]: CLOSE_BRACE,
  [OPEN_PAREN]: CLOSE_PAREN,
  [OPEN_BRACKET]: CLOSE_BRACKET,
};

/** A bracket that is open. */
interface Open {
  readonly closedBy: number;
  /** A selection set that makes a level: one after a field or of a definition, not after `... on T`. */
  readonly isLevel: boolean;
}

interface Draft {
  isOperation: boolean;
  name: string;
  rootFields: number;
  selections: number;
  depth: number;
  spreads: { name: string; level: number }[];
}

/**
 * Counts what a document holds in one pass over its text, before and without parsing it. It stops where the parser will:
 * at a malformed token or a bracket that does not match.
 */
export function shapeOf(text: string, limits: ShapeLimits): DocumentShape {
  const scanner = createDocumentScanner(text);
  const open: Open[] = [];
  const definitions: Draft[] = [];
  let [tokens, aliases, directives, level, values] = [0, 0, 0, 0, 0];
  let previous: Previous = 'other';
  let current: Draft | undefined;
  let isInline = false;

  for (;;) {
    const kind = scanner.next();
    if (kind === TOKEN.end || kind === TOKEN.malformed) break;
    limits.onTokens(++tokens);
    if (current === undefined) {
      current = draft(text.slice(scanner.start, scanner.end));
      definitions.push(current);
    }
    const opened = CLOSED_BY[kind];
    if (opened !== undefined) {
      if (kind !== OPEN_BRACE || values > 0) values++;
      const isLevel = values === 0 && !isInline;
      if (isLevel) level++;
      open.push({ closedBy: opened, isLevel });
      limits.onNesting(open.length);
      // Arguments of a directive can stand between `...` and its braces.
      if (values === 0) isInline = false;
      previous = 'other';
    } else if (kind === CLOSE_BRACE || kind === CLOSE_PAREN || kind === CLOSE_BRACKET) {
      const closed = open.pop();
      if (closed?.closedBy !== kind) break;
      if (values > 0) values--;
      else if (closed.isLevel) level--;
      if (open.length === 0 && kind === CLOSE_BRACE) current = undefined;
      previous = 'other';
    } else if (kind === AT) {
      directives++;
      previous = 'at';
    } else if (kind === TOKEN.spread) {
      isInline = true;
      previous = 'spread';
    } else if (kind === COLON) {
      if (values === 0 && level > 0) aliases++;
      previous = 'colon';
    } else if (kind === TOKEN.name && values === 0) {
      const name = text.slice(scanner.start, scanner.end);
      if (level === 0) previous = nameOutside(current, name, previous);
      else {
        if (previous === 'spread' && name !== 'on') isInline = false;
        previous = nameInside(current, name, previous, level);
        if (previous === 'field') isInline = false;
      }
    } else previous = 'other';
  }
  return { tokens, aliases, directives, definitions };
}

/** What the last token was, as far as it tells what a name is. */
type Previous = 'other' | 'at' | 'spread' | 'colon' | 'on' | 'field' | 'fragment';

function draft(first: string): Draft {
  return { isOperation: first !== 'fragment', name: '', rootFields: 0, selections: 0, depth: 0, spreads: [] };
}

/** A name before the first brace of a definition: only that of a fragment matters. */
function nameOutside(definition: Draft, name: string, previous: Previous): Previous {
  if (previous === 'fragment') definition.name = name;
  return !definition.isOperation && definition.name === '' ? 'fragment' : 'other';
}

/** A name among selections: a field or its alias, a spread, or something that hangs on one of them. */
function nameInside(definition: Draft, name: string, previous: Previous, level: number): Previous {
  if (previous === 'at' || previous === 'on' || previous === 'colon') return 'other';
  if (previous === 'spread') {
    if (name === 'on') return 'on';
    definition.spreads.push({ name, level });
    return 'other';
  }
  definition.selections++;
  if (level === 1) definition.rootFields++;
  if (level > definition.depth) definition.depth = level;
  return 'field';
}
