import { type ConstDirectiveNode, type DefinitionNode, type DocumentNode, Kind } from 'graphql';

/**
 * Puts the keys that a subgraph resolves before those it only names (`resolvable: false`). @apollo/query-planner reads the
 * keys of a type in order and enters a subgraph by the first, even when that one cannot be entered.
 */
export function withResolvableKeysFirst(supergraph: DocumentNode): DocumentNode {
  return { ...supergraph, definitions: supergraph.definitions.map(reorder) };
}

function reorder(definition: DefinitionNode): DefinitionNode {
  if (!('fields' in definition) || definition.directives === undefined) return definition;
  const directives = definition.directives as readonly ConstDirectiveNode[];
  if (!directives.some(isUnresolvable)) return definition;
  const keys = directives.filter(({ name }) => name.value === 'join__type');
  const others = directives.filter(({ name }) => name.value !== 'join__type');
  const ordered = [...keys.filter((key) => !isUnresolvable(key)), ...keys.filter(isUnresolvable)];
  return { ...definition, directives: [...others, ...ordered] } as DefinitionNode;
}

function isUnresolvable({ name, arguments: given }: ConstDirectiveNode): boolean {
  if (name.value !== 'join__type') return false;
  const value = given?.find((argument) => argument.name.value === 'resolvable')?.value;
  return value?.kind === Kind.BOOLEAN && !value.value;
}
