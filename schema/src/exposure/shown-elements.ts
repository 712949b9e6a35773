import type { LoadedSupergraph } from '@weft/supergraph';
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

/** The coordinates of everything in a schema that a client can name: types, fields, arguments, values. */
export function elementsOf(schema: GraphQLSchema): Set<string> {
  const elements = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    elements.add(type.name);
    if (isEnumType(type)) for (const { name } of type.getValues()) elements.add(`${type.name}.${name}`);
    if (isInputObjectType(type)) for (const name of Object.keys(type.getFields())) elements.add(`${type.name}.${name}`);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      elements.add(`${type.name}.${field.name}`);
      for (const { name } of field.args) elements.add(`${type.name}.${field.name}.${name}`);
    }
  }
  return elements;
}

/** E1: what the supergraph had before, hidden from clients, and clients see now. */
export function newlyShown(base: LoadedSupergraph, next: LoadedSupergraph): string[] {
  const shown = elementsOf(base.schema);
  const now = [...elementsOf(next.schema)].filter((element) => !shown.has(element));
  if (now.length === 0) return [];
  const whole = elementsOf(base.supergraph.schema.toGraphQLJSSchema());
  const found = now.filter((element) => whole.has(element));
  return found.filter((element) => !found.some((owner) => element.startsWith(`${owner}.`)));
}
