import {
  baseType,
  isAbstractType,
  isCompositeType,
  isInterfaceObjectType,
  isInterfaceType,
  isObjectType,
  possibleRuntimeTypes,
  type Schema,
  type Supergraph,
} from '@apollo/federation-internals';

/** What objects each subgraph can give. */
export interface SubgraphTypes {
  /** Types that an object can have which `subgraph` gives for a field; undefined when that is not known. */
  runtimeTypes(subgraph: string, parent: string, field: string): readonly string[] | undefined;
}

export function createSubgraphTypes(supergraph: Supergraph): SubgraphTypes {
  const schemas = new Map<string, Schema>(
    supergraph
      .subgraphs()
      .names()
      .flatMap((name) => {
        const subgraph = supergraph.subgraphs().get(name);
        return subgraph === undefined ? [] : [[name, subgraph.schema] as const];
      }),
  );
  return {
    runtimeTypes(subgraph, parent, field) {
      const type = schemas.get(subgraph)?.type(parent);
      if (type === undefined || !(isObjectType(type) || isInterfaceType(type))) return undefined;
      const given = type.field(field)?.type;
      const named = given === undefined ? undefined : baseType(given);
      if (named === undefined || !isCompositeType(named)) return undefined;
      if (isAbstractType(named)) return possibleRuntimeTypes(named).map(({ name }) => name);
      if (!isInterfaceObjectType(named)) return [named.name];
      // the subgraph knows the interface only, and gives objects of any type that implements it
      const whole = supergraph.schema.type(named.name);
      return whole !== undefined && isAbstractType(whole)
        ? possibleRuntimeTypes(whole).map(({ name }) => name)
        : undefined;
    },
  };
}
