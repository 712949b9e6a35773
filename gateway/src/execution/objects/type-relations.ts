import { type GraphQLSchema, isAbstractType } from 'graphql';

/** How types stand to each other in the whole supergraph, with those that clients do not see. */
export interface TypeRelations {
  isAbstract(type: string): boolean;
  /** True when an object of `type` fits `condition`: the same type, or one that it implements or belongs to. */
  fits(type: string, condition: string): boolean;
}

export function createTypeRelations(supergraph: GraphQLSchema): TypeRelations {
  const members = new Map<string, ReadonlySet<string>>();
  for (const type of Object.values(supergraph.getTypeMap())) {
    if (!isAbstractType(type)) continue;
    const below: string[] = supergraph.getPossibleTypes(type).map(({ name }) => name);
    if ('getInterfaces' in type) below.push(...supergraph.getImplementations(type).interfaces.map(({ name }) => name));
    members.set(type.name, new Set(below));
  }
  return {
    isAbstract: (type) => members.has(type),
    fits: (type, condition) => type === condition || (members.get(condition)?.has(type) ?? false),
  };
}
