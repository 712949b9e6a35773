import type { Random } from './random.ts';
import { type Argument, type Declaration, type Field, LEAVES, type Shape } from './world.ts';

/** Types of arguments, and values that `@requires` gives them. */
export const ARGUMENT_LITERALS: Readonly<Record<string, readonly string[]>> = {
  Int: ['1', 'null'],
  'Int = 3': ['1', '3'],
  'Int!': ['1', '-2'],
  String: ['\\"a\\"', 'null'],
  'String! = "x"': ['\\"x\\"', '\\"y\\"'],
  '[Int!]': ['[1, 2]', '5', '[]'],
  '[[ID]!]': ['[[1], [null]]', '[]'],
  Boolean: ['true', 'false'],
  Color: ['GREEN', 'null'],
  'Color! = RED': ['RED', 'BLUE'],
  Filter: ['{ limit: 4 }', '{}'],
  'Filter! = { colors: [RED], limit: 1 }': ['{ colors: [RED, BLUE] }', '{ nested: { text: \\"n\\" } }'],
  '[Filter!]': ['[{ colors: null }]', '[{}, { limit: 1 }]'],
  Float: ['1.5', '2'],
  ID: ['\\"7\\"', '7'],
};
const ARGUMENT_TYPES = Object.keys(ARGUMENT_LITERALS);

export function drawShape(random: Random, named: string): Shape {
  let shape: Shape = { named, nonNull: random.chance(0.4) };
  if (!random.chance(0.35)) return shape;
  shape = { list: shape, nonNull: random.chance(0.4) };
  return random.chance(0.2) ? { list: shape, nonNull: random.chance(0.4) } : shape;
}

export function drawArguments(random: Random): Argument[] {
  if (!random.chance(0.35)) return [];
  return ['x', 'y'].slice(0, 1 + random.int(2)).map((name) => ({ name, type: random.pick(ARGUMENT_TYPES) }));
}

export function drawLeafField(random: Random, name: string, homes: readonly string[]): Field {
  return drawField(random, { name, shape: drawShape(random, random.pick(LEAVES)), homes });
}

/** A field that some of `homes` serve: one, several that share it, or one that took it over from another. */
export function drawField(
  random: Random,
  options: { readonly name: string; readonly shape: Shape; readonly homes: readonly string[] },
): Field {
  const { name, shape, homes } = options;
  const [first = '', second] = shuffled(random, homes);
  const declarations: Declaration[] = [{ subgraph: first }];
  let shareable = false;
  if (second !== undefined && random.chance(0.25)) {
    shareable = true;
    declarations.push({ subgraph: second, ...(random.chance(0.3) && { loose: true }) });
  } else if (second !== undefined && random.chance(0.12)) {
    declarations.splice(0, 1, { subgraph: first, override: second }, { subgraph: second, overridden: true });
  }
  return { name, shape, arguments: drawArguments(random), declarations, faulty: false, shareable };
}

export function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const left = [...list];
  return list.map(() => left.splice(random.int(left.length), 1)[0] as T);
}
