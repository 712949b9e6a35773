import type { DefinitionShape } from './document-shape.ts';

/** What an operation comes to when its fragments stand where they are spread. */
export interface SpreadOut {
  readonly rootFields: number;
  readonly selections: number;
  readonly depth: number;
}

const NOTHING: SpreadOut = { rootFields: 0, selections: 0, depth: 0 };

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
      const inside = current.spreads.flatMap(({ name }) => fragments.get(name) ?? []);
      // One that was begun and is not known yet is inside itself: validation refuses it, so it counts as nothing here.
      const unknown = begun.has(current)
        ? []
        : inside.filter((fragment) => !known.has(fragment) && !begun.has(fragment));
      begun.add(current);
      if (unknown.length > 0) waiting.push(...new Set(unknown));
      else {
        waiting.pop();
        known.set(
          current,
          sum(current, (name) => known.get(fragments.get(name) ?? current) ?? NOTHING),
        );
      }
    }
  }
  return definitions.filter(({ isOperation }) => isOperation).map((operation) => known.get(operation) ?? NOTHING);
}

function sum(definition: DefinitionShape, of: (fragment: string) => SpreadOut): SpreadOut {
  let { rootFields, selections, depth } = definition;
  for (const { name, level } of definition.spreads) {
    const fragment = of(name);
    if (level === 1) rootFields += fragment.rootFields;
    selections += fragment.selections;
    if (fragment.depth > 0) depth = Math.max(depth, level - 1 + fragment.depth);
  }
  return { rootFields, selections, depth };
}
