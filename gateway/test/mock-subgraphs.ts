import { hash } from 'node:crypto';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  graphql,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import type { SubgraphCall } from '../src/subgraph-call.ts';

/**
 * Values that are a function of object, field and arguments alone: whoever is asked, a subgraph or the whole graph as one
 * server, answers the same. An entity is known by its id, any other object by the way that led to it.
 */
interface Mocked {
  readonly __typename: string;
  readonly identity: string;
}

const resolve: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
  const identity = identityOf(source) ?? info.parentType.name;
  // the id of an entity is its identity, or it could not be found by it again
  if (info.fieldName === 'id' && identity.startsWith('#')) return identity.slice(1);
  return value(info.returnType, `${identity}.${info.fieldName}${JSON.stringify(Object.entries(args).sort())}`, info);
};

/** Undefined for the root. What @apollo/subgraph gives for an entity is its representation. */
function identityOf(source: unknown): string | undefined {
  if (typeof source !== 'object' || source === null) return undefined;
  if ('identity' in source) return String(source.identity);
  return 'id' in source ? `#${String(source.id)}` : undefined;
}

function value(type: GraphQLOutputType, seed: string, info: GraphQLResolveInfo): unknown {
  if (isNonNullType(type)) return value(type.ofType, seed, info);
  const dice = Number.parseInt(hash('sha256', seed).slice(0, 8), 16);
  // one in eight, where the schema of the whole graph lets it be null too
  if (dice % 8 === 0 && !isNonNullType(info.returnType)) return null;
  if (isListType(type))
    return Array.from({ length: dice % 4 }, (_, index) => value(type.ofType, `${seed}/${index}`, info));
  const named = getNamedType(type);
  if (isEnumType(named)) return named.getValues()[dice % named.getValues().length]?.value;
  if (isAbstractType(named)) {
    const members = [...info.schema.getPossibleTypes(named)].sort((a, b) => a.name.localeCompare(b.name));
    const member = members[dice % members.length];
    return member && object(member.name, seed, info);
  }
  if (isObjectType(named)) return object(named.name, seed, info);
  if (named.name === 'Int') return dice % 1_000;
  if (named.name === 'Float') return (dice % 1_000) / 8;
  if (named.name === 'Boolean') return dice % 2 === 0;
  return `${named.name} ${dice}`;
}

function object(type: string, seed: string, { schema }: GraphQLResolveInfo): Mocked {
  const declared = schema.getType(type);
  const hasId = isObjectType(declared) && declared.getFields().id !== undefined;
  return { __typename: type, identity: hasId ? `#${hash('sha256', seed).slice(0, 6)}` : seed };
}

/** Subgraphs as their schemas say, over mocked values. */
export function mockSubgraphs(typeDefs: ReadonlyMap<string, string>): (call: SubgraphCall) => Promise<string> {
  const schemas = new Map(
    [...typeDefs].map(([name, text]) => [name, buildSubgraphSchema(parse(text)) as GraphQLSchema]),
  );
  return async ({ subgraph, body }) => {
    const schema = schemas.get(subgraph);
    if (schema === undefined) throw new Error(`no subgraph ${subgraph}`);
    const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
    return JSON.stringify(await answer(schema, query, variables));
  };
}

/** The same values from one server that has the whole graph. */
export function answer(
  schema: GraphQLSchema,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<ExecutionResult> {
  return graphql({
    schema,
    source: query,
    variableValues: variables,
    fieldResolver: resolve,
  });
}
