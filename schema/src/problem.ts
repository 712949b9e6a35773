import { type ASTNode, GraphQLError, getLocation, Source } from 'graphql';
import type { Rule, Severity } from './verdict/rules.ts';

/** Where in a file, counted from 1, and the whole line that is there. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** One thing that is wrong (`error`) or worth a look (`warning`, `note`) in the sources. */
export interface Problem {
  /** Of @apollo/composition (FIELD_TYPE_MISMATCH ...), or ours (OPERATION_BREAKS, GATEWAY_REFUSES ...). Never renamed. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly places: readonly SourcePlace[];
  /** The elements of the schema that it is about: `Type.field`, `Type.field.argument`, `Enum.VALUE`. */
  readonly coordinates?: readonly string[];
  /** The known operation that it is about. */
  readonly operation?: string;
  /** More lines to print under the message: reasons, what to do. */
  readonly details?: readonly string[];
  /** The row of the table that decided. */
  readonly rule?: Rule;
  /** Who sends the operation, as far as usage says. */
  readonly clients?: readonly string[];
  /** When the operation was last sent, RFC 3339. */
  readonly lastSeen?: string;
  /** What an approval names. It depends on what changed only: the same on every run and branch. */
  readonly fingerprint?: string;
  /** The approval that turned it green. */
  readonly approved?: { readonly reason: string; readonly by: string; readonly until: string };
}

/** Texts that are a value inside of a file, with the line that they are at. */
const EMBEDDED = new WeakMap<Source, number>();

/** A text that is a value in a JSON file: all of it is at one line. */
export function embeddedSource(text: string, file: string, line: number): Source {
  const source = new Source(text, file);
  EMBEDDED.set(source, line);
  return source;
}

export function placeAt(source: Source, position: number): SourcePlace {
  const at = EMBEDDED.get(source);
  if (at !== undefined) return { file: source.name, line: at, column: 1, text: source.body.replace(/\s+/g, ' ') };
  const { line, column } = getLocation(source, position);
  return { file: source.name, line, column, text: source.body.split(/\r\n|[\n\r]/)[line - 1] ?? '' };
}

/** The place of a node itself, not of the description above it. */
export function placeOf(node: ASTNode): SourcePlace | undefined {
  if (node.loc === undefined) return undefined;
  const { source, start } = node.loc;
  const description = 'description' in node ? node.description?.loc : undefined;
  return placeAt(source, description === undefined ? start : afterIgnored(source.body, description.end));
}

/** What the grammar ignores between two tokens: space, commas, comments, the byte order mark. */
const IGNORED = /(?:[\s,\uFEFF]|#[^\n\r]*)*/y;

function afterIgnored(text: string, from: number): number {
  IGNORED.lastIndex = from;
  IGNORED.test(text);
  return IGNORED.lastIndex;
}

/**
 * The place of each node of an error, each once. GraphQLError itself keeps one source for all its nodes, which is wrong
 * for an error that is about two files.
 */
export function placesOf(nodes: readonly ASTNode[] | undefined): SourcePlace[] {
  const places = new Map<string, SourcePlace>();
  for (const node of nodes ?? []) {
    const place = placeOf(node);
    if (place !== undefined) places.set(`${place.file}:${place.line}:${place.column}`, place);
  }
  return [...places.values()];
}

/** A text that graphql-js could not parse, as a problem at the token that was not expected. */
export function syntaxProblem(error: unknown): Problem {
  if (!(error instanceof GraphQLError) || error.source === undefined) throw error;
  return {
    code: 'INVALID_GRAPHQL',
    severity: 'error',
    message: error.message,
    places: error.positions?.map((position) => placeAt(error.source as Source, position)) ?? [],
  };
}
