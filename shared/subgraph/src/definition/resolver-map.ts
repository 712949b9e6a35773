import type { GraphQLResolveInfo } from 'graphql';
import type { SubgraphContext } from '../subgraph-context.ts';

/**
 * Resolves one field. Written in method form, so that a resolver may name the types of its parent and arguments:
 * `price: (product: ProductRow) => ...`. The schema guarantees the arguments, the parent's resolver the parent.
 */
export type FieldResolver<T> = {
  resolve(parent: unknown, args: unknown, context: SubgraphContext<T>, info: GraphQLResolveInfo): unknown;
}['resolve'];

/**
 * Gives the entity of a representation that the gateway sent, or null when there is none. What it throws nulls that
 * entity alone. The representation is not checked against the schema: turn its fields into typed keys first.
 */
export type ReferenceResolver<T> = {
  resolve(representation: unknown, context: SubgraphContext<T>): unknown;
}['resolve'];

/** Names the object type of a value of an interface or union. */
export type TypeNameResolver<T> = {
  resolve(value: unknown, context: SubgraphContext<T>): string;
}['resolve'];

export interface TypeResolvers<T> {
  readonly __resolveReference?: ReferenceResolver<T>;
  readonly __resolveType?: TypeNameResolver<T>;
  readonly [field: string]: FieldResolver<T> | undefined;
}

/** Type name -> field name -> resolver. A field without one reads the property of its own name. */
export interface ResolverMap<T> {
  readonly [type: string]: TypeResolvers<T>;
}
