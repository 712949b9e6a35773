import type { DefinitionShape } from './document-shape.ts';

/** What an operation comes to when its fragments stand where they are spread. */
export interface SpreadOut {
  readonly rootFields: number;
  readonly selections: number;
  readonly depth: number;
}

/** Each fragment is counted once, without recursion, so a document costs what it is long and not what it stands for. */
export function spreadOut(definitions: readonly DefinitionShape[]): SpreadOut[] {
  const fragments = new Map(
    definitions.filter(({ isOperation }) => !isOperation).map((fragment) => [fragment.name, fragment]),
  );
  const known = new Map<DefinitionShape, SpreadOut>();
  for (const definition of definitions) {
    const waiting = [definition];
    const begun = new Set<DefinitionShape>();
    while (waiting.length > 0) {
      const current = waiting[waiting.length - 1] as DefinitionShape;
      const inside = new Set(current.spreads.flatMap(({ name }) => fragments.get(name) ?? []));
      // One that was begun and is not known yet is inside itself: validation refuses it, so it counts as nothing here.
      const next = begun.has(current)
        ? []
        : [...inside].filter((fragment) => !known.has(fragment) && !begun.has(fragment));
      begun.add(current);
      waiting.push(...next);
      if (next.length > 0) continue;
      waiting.pop();
      known.set(current, sum(current, fragments, known));
    }
  }
  return definitions.filter(({ isOperation }) => isOperation).flatMap((operation) => known.get(operation) ?? []);
}

function sum(
  definition: DefinitionShape,
  fragments: ReadonlyMap<string, DefinitionShape>,
  known: ReadonlyMap<DefinitionShape, SpreadOut>,
): SpreadOut {
  let { rootFields, selections, depth } = definition;
  for (const { name, level } of definition.spreads) {
    const shape = fragments.get(name);
    const fragment = shape && known.get(shape);
    if (fragment === undefined) continue;
    if (level === 1) rootFields += fragment.rootFields;
    selections += fragment.selections;
    if (fragment.depth > 0) depth = Math.max(depth, level - 1 + fragment.depth);
  }
  return { rootFields, selections, depth };
}
