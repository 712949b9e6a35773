import { type DocumentNode, Kind } from 'graphql';
import { placeOf, type SourcePlace } from '../problem.ts';

type Documents = ReadonlyMap<string, DocumentNode>;

/** Where the subgraphs define `Type`, `Type.field`, `Enum.VALUE` or `Type.field.argument`. */
export function definitionPlaces(coordinate: string, documents: Documents): SourcePlace[] {
  const [typeName, member, argument] = coordinate.split('.');
  const places: SourcePlace[] = [];
  const add = (node: Parameters<typeof placeOf>[0]) => {
    const place = placeOf(node);
    if (place !== undefined) places.push(place);
  };
  for (const { definitions } of documents.values()) {
    for (const definition of definitions) {
      if (
        !('name' in definition) ||
        definition.name?.value !== typeName ||
        definition.kind === Kind.DIRECTIVE_DEFINITION
      )
        continue;
      if (member === undefined) add(definition);
      const members = 'fields' in definition ? definition.fields : 'values' in definition ? definition.values : [];
      for (const node of members ?? []) {
        if (node.name.value !== member) continue;
        if (argument === undefined) add(node);
        for (const arg of ('arguments' in node && node.arguments) || []) if (arg.name.value === argument) add(arg);
      }
    }
  }
  return places;
}
