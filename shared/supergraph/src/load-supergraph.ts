import { type Schema, Supergraph } from '@apollo/federation-internals';
import { GraphError, isGraphError } from '@weft/errors';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, print } from 'graphql';
import { type AccessRules, readAccessRules } from './access-rules.ts';
import { type DemandRules, readDemandRules } from './demand-rules.ts';
import { KNOWN_FEATURES, unenforcedFeatures, withoutEnforced } from './linked-features.ts';
import { notEnforced, reasonOf } from './load-failure.ts';
import { withoutTokens } from './without-tokens.ts';

export interface SubgraphAddress {
  readonly name: string;
  /** As the supergraph says; empty when it was composed without one. */
  readonly url: string;
}

/** A supergraph that a gateway can serve. */
export interface LoadedSupergraph {
  /** Without what the gateway enforces itself, so that planners load it. */
  readonly sdl: string;
  /** The same, parsed. */
  readonly document: DocumentNode;
  /** Who may see what. A gateway that serves this supergraph must enforce them all. */
  readonly access: AccessRules;
  readonly demand: DemandRules;
  /** What clients see: no federation directives, nothing that is `@inaccessible`. */
  readonly schema: GraphQLSchema;
  /** In the order of the supergraph. */
  readonly subgraphs: readonly SubgraphAddress[];
  /** What the query planner of the same packages is built from; its subgraphs are extracted and validated. */
  readonly supergraph: Supergraph;
  readonly apiSchema: Schema;
}

export interface LoadOptions {
  /** It was loaded before, so neither it nor its subgraphs are validated again: half the work. */
  readonly isProven?: boolean;
}

/**
 * Loads a supergraph the way @apollo/gateway does: the same packages with their default list of features, validated.
 * What composes but is refused here would freeze the schema of every running gateway. Features that decide who may see
 * what are taken out first, as rules that the gateway enforces; one that it does not know is refused.
 *
 * The planner's step is taken too: it extracts the schema of every subgraph and validates it.
 *
 * @throws GraphError SUPERGRAPH_INVALID, its message one sentence with the reason.
 */
export function loadSupergraph(sdl: string, { isProven = false }: LoadOptions = {}): LoadedSupergraph {
  if (sdl.trim() === '') throw invalid('it is empty.');
  const whole = parseSupergraph(sdl);
  try {
    const linked = Supergraph.build(whole, { supportedFeatures: KNOWN_FEATURES, validateSupergraph: !isProven });
    const { schema } = linked;
    const [unknown] = unenforcedFeatures(schema);
    if (unknown !== undefined) throw invalid(notEnforced(unknown, whole));
    const document = withoutEnforced(schema, whole);
    const supergraph = document === whole ? linked : Supergraph.build(document, { validateSupergraph: !isProven });
    if (!isProven) supergraph.subgraphs();
    const apiSchema = supergraph.apiSchema();
    return {
      sdl: document === whole ? sdl : print(document),
      document,
      access: readAccessRules(schema),
      demand: readDemandRules(schema),
      supergraph,
      apiSchema,
      schema: apiSchema.toGraphQLJSSchema(),
      subgraphs: supergraph.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
    };
  } catch (error) {
    throw isGraphError(error) ? error : invalid(reasonOf(error, whole), error);
  }
}

function parseSupergraph(sdl: string): DocumentNode {
  try {
    return withoutTokens(parse(sdl));
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
