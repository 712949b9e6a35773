import { type Schema, Supergraph } from '@apollo/federation-internals';
import { GraphError } from '@weft/errors';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { reasonOf } from './load-failure.ts';

export interface SubgraphAddress {
  readonly name: string;
  /** As the supergraph says; empty when it was composed without one. */
  readonly url: string;
}

/** A supergraph that a gateway can serve. */
export interface LoadedSupergraph {
  readonly sdl: string;
  readonly document: DocumentNode;
  /** What clients see: no federation directives, nothing that is `@inaccessible`. */
  readonly schema: GraphQLSchema;
  /** In the order of the supergraph. */
  readonly subgraphs: readonly SubgraphAddress[];
  /** What the query planner of the same packages is built from; its subgraphs are extracted and validated. */
  readonly supergraph: Supergraph;
  readonly apiSchema: Schema;
}

/**
 * Loads a supergraph the way @apollo/gateway does: the same packages with the same default list of features, validated.
 * What composes but is refused here would freeze the schema of every running gateway.
 *
 * The planner's step is taken too: it extracts the schema of every subgraph and validates it.
 *
 * @throws GraphError SUPERGRAPH_INVALID, its message one sentence with the reason.
 */
export function loadSupergraph(sdl: string): LoadedSupergraph {
  if (sdl.trim() === '') throw invalid('it is empty.');
  const document = parseSupergraph(sdl);
  try {
    const supergraph = Supergraph.build(document, { validateSupergraph: true });
    supergraph.subgraphs();
    const apiSchema = supergraph.apiSchema();
    return {
      sdl,
      document,
      supergraph,
      apiSchema,
      schema: apiSchema.toGraphQLJSSchema(),
      subgraphs: supergraph.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
    };
  } catch (error) {
    throw invalid(reasonOf(error, document), error);
  }
}

function parseSupergraph(sdl: string): DocumentNode {
  try {
    return parse(sdl);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [place] = error.locations ?? [];
    const at = place === undefined ? '' : ` at ${place.line}:${place.column}`;
    throw invalid(`it is not GraphQL${at}: ${error.message.replace(/^Syntax Error: /, '')}`, error);
  }
}

function invalid(reason: string, cause?: unknown): GraphError {
  return new GraphError('SUPERGRAPH_INVALID', `The supergraph cannot be loaded: ${reason}`, { cause });
}
