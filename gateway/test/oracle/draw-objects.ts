import { drawLeafField, drawShape, shuffled } from './draw-field.ts';
import { KEY_FIELDS } from './identity.ts';
import type { Random } from './random.ts';
import { type Field, type Key, type KeyKind, LEAVES, type ObjectType, type World } from './world.ts';

const KINDS: readonly KeyKind[] = ['id', 'id', 'code', 'pair', 'place', 'owner'];

export function drawEntities(world: World, random: Random): void {
  const count = 2 + random.int(3);
  for (let index = 0; index < count; index++) {
    const name = `E${index}`;
    // the first has an id, so that others can have it as a part of their keys
    const kinds = index === 0 ? (['id', 'code'] as const) : random.some(shuffled(random, KINDS), 1, 2);
    const homes = random.some(world.subgraphs, 1 + random.int(2), world.subgraphs.length);
    const type = emptyObject(name, 'entity', name);
    for (const key of drawKeys(random, kinds, homes, index === 0)) addKey(type, key);
    if (type.keys.some(({ kind }) => kind === 'code') && type.keys.some(({ kind }) => kind !== 'code')) {
      hideSometimes(random, type, 'code');
    }
    for (let field = 0; field < 2 + random.int(4); field++) {
      type.fields.push(drawLeafField(random, `f${field}`, homes));
    }
    world.objects.push(type);
  }
}

/** Most subgraphs know the first key; one that knows another only is reached by who knows both. */
function drawKeys(random: Random, kinds: readonly KeyKind[], homes: readonly string[], always: boolean): Key[] {
  const [first = 'id', second] = kinds;
  return homes.flatMap((subgraph, index): Key[] => {
    const one = { kind: first, subgraph, resolvable: true };
    if (second === undefined || second === first) return [one];
    const other = { kind: second, subgraph, resolvable: true };
    if (index === 0) return [one, other];
    return random.pick([[one], [one], [one, other], always ? [one] : [other]]);
  });
}

/** Declares the fields of the key too. */
export function addKey(type: ObjectType, key: Key): void {
  type.keys.push(key);
  type.subgraphs.add(key.subgraph);
  for (const [name, shape] of Object.entries(KEY_FIELDS[key.kind].fields)) {
    const named = name === 'owner' ? { named: type.owner ?? '', nonNull: true } : shape;
    let field = type.fields.find((one) => one.name === name);
    if (field === undefined) {
      field = { name, shape: named, arguments: [], declarations: [], faulty: false, shareable: true };
      type.fields.push(field);
    }
    if (!field.declarations.some(({ subgraph }) => subgraph === key.subgraph)) {
      field.declarations.push({ subgraph: key.subgraph });
    }
  }
}

/** Value types are the same in each subgraph that names them. */
export function drawValueTypes(world: World, random: Random): void {
  const place = emptyObject('Place', 'value', 'Place');
  place.fields.push(
    { ...leaf('zip', 'String'), shape: { named: 'String', nonNull: true } },
    { ...leaf('level', 'Int'), shape: { named: 'Int', nonNull: true } },
  );
  world.objects.push(place);
  for (let index = 0; index < 1 + random.int(2); index++) {
    const type = emptyObject(`V${index}`, 'value', `V${index}`);
    for (let field = 0; field < 2 + random.int(2); field++) {
      type.fields.push({ ...leaf(`v${field}`, random.pick(LEAVES)), shape: drawShape(random, random.pick(LEAVES)) });
    }
    world.objects.push(type);
  }
}

function leaf(name: string, named: string): Field {
  return {
    name,
    shape: { named, nonNull: false },
    arguments: [],
    declarations: [],
    faulty: false,
    shareable: true,
  };
}

export function emptyObject(name: string, kind: ObjectType['kind'], space: string): ObjectType {
  return { name, kind, space, fields: [], keys: [], subgraphs: new Set(), ...(name !== 'E0' && { owner: 'E0' }) };
}

/** A key may be for subgraphs only. */
function hideSometimes(random: Random, type: ObjectType, name: string): void {
  if (!random.chance(0.4)) return;
  const index = type.fields.findIndex((field) => field.name === name);
  const field = type.fields[index];
  if (field !== undefined) type.fields[index] = { ...field, inaccessible: true };
}
