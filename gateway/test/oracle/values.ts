import { concreteType, keyValue, numbersOf, type Thing } from './identity.ts';
import { createRandom, hashText, type Random } from './random.ts';
import { COLORS, candidatesOf, type Field, fieldNamed, isLeaf, type Shape, type World } from './world.ts';

/** What a field takes into account beside the object it is of. */
export interface Inputs {
  /** As coerced by the schema. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Values of the fields it requires; undefined: it requires none. */
  readonly required?: unknown;
  /** Mutations of this operation that ran before. */
  readonly before?: number;
}

const STRINGS = [
  '',
  'plain',
  'quo"te',
  'back\\slash',
  'line\nbreak',
  'é🏊',
  '\u2028',
  '</script>',
  '__proto__',
  'null',
];
const FLOATS = [0, 0.1, -2.5, 1e21, 5e-324, 3, 1.7976931348623157e308];
const INTEGERS = [0, -1, 7, 2_147_483_647, -2_147_483_648];
const JSONS = [{ b: 1, a: [null, 'x'] }, [], 'text', 12, false, { __proto__x: {} }, [[{}]]] as const;

/** A failure that belongs to the generated graph: clients are to be told. Every other error is a mistake of who asked. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/** Values of the custom scalar: subgraphs must not shuffle their fields. */
export const jsonValues = new WeakSet<object>();

/**
 * The value of a field: a pure function of the object, the field and its inputs, whoever computes it. Objects are things.
 *
 * @throws Fault where the generated graph has a fault.
 */
export function computeValue(world: World, thing: Thing, name: string, inputs: Inputs): unknown {
  const found = fieldNamed(world, thing.type, name);
  if (found === undefined) throw new Error(`${thing.type} has no field ${name}`);
  const { owner, field } = found;
  const ofKey = keyValue(owner, thing.number, name);
  if (ofKey !== undefined) return ofKey;
  if (field.counts) return inputs.before ?? 0;
  const { required } = inputs;
  const text = `${owner.name}:${thing.number}.${name}(${canonical(inputs.arguments)})[${required === undefined ? '' : JSON.stringify(required)}]`;
  const random = createRandom(hashText(text));
  if (field.faulty && random.chance(0.3)) throw new Fault(text);
  return drawValue(world, field, field.shape, random);
}

function drawValue(world: World, field: Field, shape: Shape, random: Random): unknown {
  if (!shape.nonNull && random.chance(0.15)) return null;
  if ('list' in shape) {
    return Array.from({ length: random.int(4) }, () => drawValue(world, field, shape.list, random));
  }
  if (isLeaf(shape)) return drawLeaf(shape.named, random);
  const candidates = candidatesOf(world, field);
  if (candidates.length === 0) throw new Error(`no type fits ${field.name}: ${shape.named}`);
  const type = random.pick(candidates);
  const number = random.pick(numbersOf(world, type));
  return { type: concreteType(world, type, number), number } satisfies Thing;
}

function drawLeaf(type: string, random: Random): unknown {
  switch (type) {
    case 'Int':
      return random.chance(0.2) ? random.pick(INTEGERS) : random.int(1_000);
    case 'Float':
      return random.chance(0.3) ? random.pick(FLOATS) : random.int(100_000) / 100;
    case 'Boolean':
      return random.chance(0.5);
    case 'Color':
      return random.pick(COLORS);
    case 'Json': {
      const value: unknown = structuredClone(random.pick(JSONS));
      if (typeof value === 'object' && value !== null) jsonValues.add(value);
      return value;
    }
    default:
      return random.chance(0.3) ? random.pick(STRINGS) : `${type.toLowerCase()} ${random.int(1_000)}`;
  }
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`;
}
