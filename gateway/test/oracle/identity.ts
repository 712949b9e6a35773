import { type Field, type KeyKind, type ObjectType, objectNamed, type Shape, type World } from './world.ts';

/** One object of the generated graph: its concrete type, and its number in the space of that type. */
export interface Thing {
  readonly type: string;
  readonly number: number;
}

/** Few, so that the same entity comes up at several places of an answer. */
const OBJECTS_OF_A_SPACE = 12;
const OWNERS = 4;

const nonNull = (named: string): Shape => ({ named, nonNull: true });

/** Fields of each kind of key. */
export const KEY_FIELDS: Record<KeyKind, { readonly text: string; readonly fields: Record<string, Shape> }> = {
  id: { text: 'id', fields: { id: nonNull('ID') } },
  code: { text: 'code', fields: { code: nonNull('Int') } },
  pair: { text: 'region number', fields: { region: nonNull('String'), number: nonNull('Int') } },
  place: { text: 'place { zip level }', fields: { place: nonNull('Place') } },
  owner: { text: 'slot owner { id }', fields: { slot: nonNull('Int'), owner: nonNull('') } },
};

const KEY_FIELD_NAMES = new Set(Object.values(KEY_FIELDS).flatMap(({ fields }) => Object.keys(fields)));

export function isKeyField(field: Field): boolean {
  return KEY_FIELD_NAMES.has(field.name);
}

/** All the objects there are of a concrete type; of value types there are as many. */
export function numbersOf(world: World, type: string): number[] {
  const numbers = Array.from({ length: OBJECTS_OF_A_SPACE }, (_, number) => number);
  const space = objectNamed(world, type)?.space ?? type;
  return space === type ? numbers : numbers.filter((number) => concreteType(world, space, number) === type);
}

/** The type that object `number` of a space really has. */
export function concreteType(world: World, space: string, number: number): string {
  const entity = world.interfaces.find(({ name, entity }) => entity && name === space);
  if (entity === undefined) return space;
  const members = Object.values(entity.members)[0] ?? [];
  const type = members[number % members.length];
  if (type === undefined) throw new Error(`${space} has no members`);
  return type;
}

/** The value of a field of a key; undefined: the field is not of a key. */
export function keyValue(type: ObjectType, number: number, field: string): unknown {
  switch (field) {
    case 'id':
      return `${type.space} "é\\" ${number}`;
    case 'code':
      return number * 7 + 1;
    case 'region':
      return `r${number % 3}`;
    case 'number':
    case 'slot':
      return number;
    case 'place':
      return { type: 'Place', number } satisfies Thing;
    case 'owner':
      return { type: type.owner ?? '', number: number % OWNERS } satisfies Thing;
    case 'zip':
      return `z${number}`;
    case 'level':
      return number % 2;
    default:
      return undefined;
  }
}

/**
 * The object that a representation names. Every field of a key that it holds must be of the same object.
 *
 * @throws Error for a representation that names none, or several.
 */
export function thingOf(world: World, representation: Readonly<Record<string, unknown>>): Thing {
  const name = String(representation.__typename);
  const type = objectNamed(world, name) ?? objectOfInterface(world, name);
  const number = type === undefined ? undefined : numberOf(representation);
  const wrong = (reason: string) => new Error(`representation ${reason}: ${JSON.stringify(representation)}`);
  if (type === undefined || number === undefined) throw wrong('names no object');
  for (const [field, given] of Object.entries(representation)) {
    if (!KEY_FIELD_NAMES.has(field)) continue;
    if (!agrees(world, keyValue(type, number, field), given)) throw wrong(`has a wrong ${field}`);
  }
  const concrete = concreteType(world, type.space, number);
  if (name !== type.space && name !== concrete) throw wrong(`is a ${concrete}`);
  return { type: concrete, number };
}

function objectOfInterface(world: World, name: string): ObjectType | undefined {
  const found = world.interfaces.find((type) => type.name === name && type.entity);
  const [member] = Object.values(found?.members ?? {})[0] ?? [];
  const type = member === undefined ? undefined : objectNamed(world, member);
  return type;
}

function numberOf(representation: Readonly<Record<string, unknown>>): number | undefined {
  const { id, code, number, slot, place } = representation;
  if (typeof number === 'number') return number;
  if (typeof slot === 'number') return slot;
  if (typeof code === 'number') return (code - 1) / 7;
  const text = typeof id === 'string' ? id : (place as { zip?: unknown } | undefined)?.zip;
  const digits = typeof text === 'string' ? /(\d+)$/.exec(text)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function agrees(world: World, value: unknown, given: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === given;
  if (typeof given !== 'object' || given === null) return false;
  const { type: name, number } = value as Thing;
  const type = objectNamed(world, name);
  if (type === undefined) return false;
  return Object.entries(given).every(([field, inner]) => {
    if (field === '__typename') return inner === name;
    const expected = keyValue(type, number, field);
    return expected === undefined || agrees(world, expected, inner);
  });
}
