import {
  baseType,
  federationMetadata,
  isAbstractType,
  isCompositeType,
  isInterfaceObjectType,
  isInterfaceType,
  isObjectType,
  possibleRuntimeTypes,
  type Schema,
  type Supergraph,
} from '@apollo/federation-internals';

/** What objects the subgraphs can give. */
export interface SubgraphTypes {
  /**
   * Types that an object of a field can have. Subgraphs that answer the same field give the same object, so only types that
   * all of them know; planners count on that. Undefined when nothing is known.
   */
  runtimeTypes(parent: string, field: string): ReadonlySet<string> | undefined;
}

export function createSubgraphTypes(supergraph: Supergraph): SubgraphTypes {
  const subgraphs = supergraph.subgraphs();
  const schemas = subgraphs.names().flatMap((name) => subgraphs.get(name)?.schema ?? []);
  const known = new Map<string, ReadonlySet<string> | undefined>();
  return {
    runtimeTypes(parent, field) {
      const key = `${parent}.${field}`;
      if (!known.has(key)) {
        const sets = schemas.flatMap((schema) => typesIn(schema, parent, field, supergraph.schema) ?? []);
        known.set(key, sets.length === 0 ? undefined : sets.reduce(common));
      }
      return known.get(key);
    },
  };
}

/** What is in both. */
export function common(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((name) => b.has(name)));
}

/** Undefined when the subgraph does not answer the field. */
function typesIn(schema: Schema, parent: string, field: string, whole: Schema): ReadonlySet<string> | undefined {
  const type = schema.type(parent);
  if (type === undefined || !(isObjectType(type) || isInterfaceType(type))) return undefined;
  const definition = type.field(field);
  if (definition?.type === undefined || federationMetadata(schema)?.isFieldExternal(definition)) return undefined;
  const named = baseType(definition.type);
  if (!isCompositeType(named)) return undefined;
  // a subgraph that knows only the interface gives objects of any type that implements it
  const answered = isInterfaceObjectType(named) ? whole.type(named.name) : named;
  if (answered === undefined || !isCompositeType(answered)) return undefined;
  return new Set(isAbstractType(answered) ? possibleRuntimeTypes(answered).map(({ name }) => name) : [answered.name]);
}
