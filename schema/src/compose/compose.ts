import { composeServices } from '@apollo/composition';
import { withoutTokens } from '@weft/supergraph';
import { type DocumentNode, type GraphQLError, parse, Source } from 'graphql';
import { type Problem, placesOf, syntaxProblem } from '../problem.ts';
import { groupUnsatisfiable, UNSATISFIABLE } from './satisfiability.ts';

/** One subgraph as composition reads it. */
export interface SubgraphSource {
  readonly name: string;
  readonly url: string;
  /** As it is to be named in errors: `subgraphs/products/schema.graphql`. */
  readonly file: string;
  readonly sdl: string;
}

export type Composition =
  | { readonly supergraphSdl: string; readonly hints: readonly Problem[] }
  | { readonly errors: readonly Problem[] };

/**
 * Composes the supergraph with @apollo/composition. Every SDL is parsed under the name of its file, so that each error
 * has file, line and column. Expected mistakes in an SDL are returned, never thrown.
 */
export function composeSubgraphs(subgraphs: readonly SubgraphSource[]): Composition {
  const parsed = parseSubgraphs(subgraphs);
  return 'errors' in parsed ? parsed : composeDocuments(subgraphs, parsed.documents);
}

/** The same for subgraphs that were parsed. */
export function composeDocuments(subgraphs: readonly SubgraphSource[], documents: SubgraphDocuments): Composition {
  const services = subgraphs.map(({ name, url }) => ({ name, url, typeDefs: documents.get(name) as DocumentNode }));
  const result = composeServices(services);
  if (result.errors !== undefined) return { errors: problemsOf(result.errors, documents) };
  return { supergraphSdl: `${result.supergraphSdl.trimEnd()}\n`, hints: result.hints.map(hintProblem) };
}

/** By name of the subgraph. */
export type SubgraphDocuments = ReadonlyMap<string, DocumentNode>;

/** The SDL of each subgraph, parsed under the name of its file. */
export function parseSubgraphs(
  subgraphs: readonly SubgraphSource[],
): { readonly documents: SubgraphDocuments } | { readonly errors: readonly Problem[] } {
  const errors: Problem[] = [];
  const documents = new Map<string, DocumentNode>();
  for (const { name, file, sdl } of subgraphs) {
    try {
      documents.set(name, withoutTokens(parse(new Source(sdl, file))));
    } catch (error) {
      errors.push({ ...syntaxProblem(error), rule: 'F2' });
    }
  }
  return errors.length > 0 ? { errors } : { documents };
}

function problemsOf(errors: readonly GraphQLError[], documents: ReadonlyMap<string, DocumentNode>): Problem[] {
  const problems: Problem[] = [];
  const unsatisfiable: GraphQLError[] = [];
  for (const error of errors) {
    if (error.extensions.code === UNSATISFIABLE) unsatisfiable.push(error);
    else problems.push(errorProblem(error));
  }
  return [...problems, ...groupUnsatisfiable(unsatisfiable, documents)];
}

function errorProblem(error: GraphQLError): Problem {
  const code = error.extensions.code;
  return {
    code: typeof code === 'string' ? code : 'COMPOSITION_FAILED',
    severity: 'error',
    rule: 'F2',
    message: error.message,
    places: placesOf(error.nodes),
  };
}

type CompositionHint = NonNullable<ReturnType<typeof composeServices>['hints']>[number];

/** Apollo's WARN is what can surprise a client, INFO what could be tidied, DEBUG what composition did by itself. */
function hintProblem(hint: CompositionHint): Problem {
  return {
    code: hint.definition.code,
    severity: hint.definition.level.name === 'DEBUG' ? 'note' : 'warning',
    message: hint.message,
    places: placesOf(hint.nodes),
    ...(hint.coordinate === undefined ? {} : { coordinates: [hint.coordinate] }),
  };
}
