import { type ASTNode, GraphQLError, getLocation, type Source } from 'graphql';

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
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
  readonly places: readonly SourcePlace[];
  /** The elements of the schema that it is about: `Type.field`, `Type.field.argument`, `Enum.VALUE`. */
  readonly coordinates?: readonly string[];
  /** The known operation that it is about. */
  readonly operation?: string;
  /** More lines to print under the message: reasons, what to do. */
  readonly details?: readonly string[];
}

export function placeAt(source: Source, position: number): SourcePlace {
  const { line, column } = getLocation(source, position);
  return { file: source.name, line, column, text: source.body.split(/\r\n|[\n\r]/)[line - 1] ?? '' };
}

/** The place of a node itself, not of the description above it. */
export function placeOf(node: ASTNode): SourcePlace | undefined {
  if (node.loc === undefined) return undefined;
  const description = 'description' in node ? node.description : undefined;
  const start = description?.loc?.endToken.next?.start ?? node.loc.start;
  return placeAt(node.loc.source, start);
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
