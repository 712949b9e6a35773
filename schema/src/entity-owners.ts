import { Kind, parse } from 'graphql';
import type { SubgraphSource } from './compose/compose.ts';

/** The subgraphs whose SDL defines a type of this name. An SDL that does not parse defines none. */
export function subgraphsWithType(subgraphs: readonly SubgraphSource[], type: string): readonly SubgraphSource[] {
  return subgraphs.filter(({ sdl }) => definedTypes(sdl).includes(type));
}

function definedTypes(sdl: string): string[] {
  try {
    return parse(sdl).definitions.flatMap((node) =>
      'name' in node && node.name !== undefined && node.kind !== Kind.DIRECTIVE_DEFINITION ? [node.name.value] : [],
    );
  } catch {
    return [];
  }
}
