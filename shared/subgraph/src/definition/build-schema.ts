import { buildSubgraphSchema, type GraphQLSchemaModule } from '@apollo/subgraph';
import {
  type GraphQLObjectType,
  type GraphQLScalarType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  isScalarType,
  parse,
  Source,
} from 'graphql';
import { dateTimeScalar } from '../scalars/date-time.ts';
import { moneyScalar } from '../scalars/money.ts';
import type { ReferenceResolver, ResolverMap, TypeResolvers } from './resolver-map.ts';
import { traceFields } from './trace-fields.ts';
import { judgeValuesInPlace } from './values-in-place.ts';

const SCALARS: readonly GraphQLScalarType[] = [dateTimeScalar, moneyScalar];

/** The executable schema of a subgraph, with `_service`, `_entities` and our scalars. Throws an Error with all faults. */
export function buildSchema<T>(name: string, sdl: string, resolvers: ResolverMap<T>): GraphQLSchema {
  const typeDefs = parse(new Source(sdl, `${name}/schema.graphql`));
  const all: Record<string, object> = {};
  for (const [typeName, typeResolvers] of Object.entries(traceFields(resolvers)))
    all[typeName] = guardReferences(typeResolvers);
  for (const scalar of SCALARS) all[scalar.name] = scalar;
  // The array form: @apollo/subgraph 2.15 has no other for resolvers. It takes `__resolveReference`, which the type that
  // it gives a resolver map does not say.
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: all as GraphQLSchemaModule['resolvers'] & object }]);
  const faults = [...unknownResolvers(schema, resolvers), ...missingReferences(schema, resolvers)];
  if (faults.length > 0)
    throw new Error(`The subgraph ${name} does not fit its schema.graphql:\n  ${faults.join('\n  ')}`);
  judgeValuesInPlace(schema);
  return schema;
}

/** `_entities` maps over the representations: what one of them throws at once would fail all the others. */
function guardReferences<T>(resolvers: TypeResolvers<T>): TypeResolvers<T> {
  const resolve = resolvers.__resolveReference;
  if (resolve === undefined) return resolvers;
  const guarded: ReferenceResolver<T> = (representation, context) => {
    try {
      return resolve(representation, context);
    } catch (error) {
      return Promise.reject(error);
    }
  };
  return { ...resolvers, __resolveReference: guarded };
}

/** @apollo/subgraph passes silently over resolvers of types and fields that are not in the SDL. */
function unknownResolvers<T>(schema: GraphQLSchema, resolvers: ResolverMap<T>): string[] {
  return Object.entries(resolvers).flatMap(([typeName, fields]) => {
    const type = schema.getType(typeName);
    if (type === undefined || isScalarType(type)) return [`resolvers.${typeName}: there is no such object type`];
    const known = isObjectType(type) ? [...Object.keys(type.getFields()), '__resolveReference'] : ['__resolveType'];
    return Object.keys(fields)
      .filter((field) => !known.includes(field))
      .map((field) => `resolvers.${typeName}.${field}: there is no such field`);
  });
}

/** An entity that can be entered by a key but has no `__resolveReference` would answer its representation as data. */
function missingReferences<T>(schema: GraphQLSchema, resolvers: ResolverMap<T>): string[] {
  const entity = schema.getType('_Entity');
  const types = isAbstractType(entity) ? schema.getPossibleTypes(entity) : [];
  return types
    .filter((type) => isEnteredByKey(type) && resolvers[type.name]?.__resolveReference === undefined)
    .map((type) => `resolvers.${type.name}.__resolveReference is missing: ${type.name} has a resolvable @key`);
}

function isEnteredByKey(type: GraphQLObjectType): boolean {
  const keys = [type.astNode, ...type.extensionASTNodes].flatMap((node) =>
    (node?.directives ?? []).filter(({ name }) => name.value === 'key'),
  );
  return keys.some(
    ({ arguments: given }) =>
      !given?.some(({ name, value }) => name.value === 'resolvable' && value.kind === 'BooleanValue' && !value.value),
  );
}
