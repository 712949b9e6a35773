import { drawField, drawLeafField, drawShape } from './draw-field.ts';
import { addKey, emptyObject } from './draw-objects.ts';
import type { Random } from './random.ts';
import { type Field, type InterfaceType, isServedBy, LEAVES, type ObjectType, type World } from './world.ts';

/** An interface with a key: one subgraph knows its members, others know it as an object only. */
export function drawEntityInterface(world: World, random: Random): void {
  if (world.subgraphs.length < 2 || !random.chance(0.45)) return;
  const name = 'Media';
  const [home = '', ...others] = random.some(world.subgraphs, 2, world.subgraphs.length);
  const members = ['Book', 'Film', 'Song'].slice(0, 2 + random.int(2)).map((member) => {
    const type = emptyObject(member, 'entity', name);
    addKey(type, { kind: 'id', subgraph: home, resolvable: true });
    for (let field = 0; field < 1 + random.int(2); field++)
      type.fields.push(drawLeafField(random, `m${field}`, [home]));
    world.objects.push(type);
    return type;
  });
  const shared = random.chance(0.6)
    ? drawField(random, { name: 'title', shape: titleShape(random), homes: [home] })
    : undefined;
  if (shared !== undefined)
    for (const type of members) type.fields.push({ ...shared, declarations: [...shared.declarations] });
  const object = emptyObject(name, 'entity', name);
  for (const subgraph of others) addKey(object, { kind: 'id', subgraph, resolvable: true });
  for (let field = 0; field < 1 + random.int(3); field++)
    object.fields.push(withoutOverride(drawLeafField(random, `o${field}`, others)));
  world.interfaces.push({
    name,
    entity: true,
    fields: { [home]: ['id', ...(shared === undefined ? [] : ['title'])] },
    members: { [home]: members.map((type) => type.name) },
    objectIn: others,
    object,
  });
}

/** `@override` is not for objects that stand for an interface. */
function withoutOverride(field: Field): Field {
  const [{ override, ...first } = { subgraph: '' }, ...others] = field.declarations;
  return override === undefined
    ? field
    : { ...field, declarations: [first, ...others.filter(({ overridden }) => !overridden)] };
}

function titleShape(random: Random) {
  return drawShape(random, random.pick(LEAVES));
}

/** Interfaces without keys: each subgraph has the fields that all its members have there. */
export function drawInterfaces(world: World, random: Random): void {
  for (let index = 0; index < random.int(3); index++) {
    const name = `I${index}`;
    const members = random.some(
      world.objects.filter(({ kind }) => kind === 'entity'),
      2,
      3,
    );
    const fields = Array.from({ length: 1 + random.int(2) }, (_, field) => `${name.toLowerCase()}f${field}`);
    for (const field of fields) addToAll(random, members, field);
    const found: InterfaceType = { name, entity: false, fields: {}, members: {}, objectIn: [], object: undefined };
    for (const subgraph of world.subgraphs) {
      const there = members.filter((type) => fields.some((field) => serves(type, field, subgraph)));
      const common = fields.filter((field) => there.every((type) => serves(type, field, subgraph)));
      if (there.length === 0 || common.length === 0) continue;
      found.fields[subgraph] = common;
      found.members[subgraph] = there.map((type) => type.name);
    }
    if (Object.keys(found.fields).length > 0) world.interfaces.push(found);
  }
}

function addToAll(random: Random, members: readonly ObjectType[], name: string): void {
  const shape = drawShape(random, random.pick(LEAVES));
  const homesOf = (type: ObjectType) => [...new Set(type.keys.map(({ subgraph }) => subgraph))];
  const [first] = members;
  if (first === undefined) return;
  const { arguments: given } = drawField(random, { name, shape, homes: homesOf(first) });
  for (const type of members) {
    const own = drawField(random, { name, shape, homes: homesOf(type) });
    type.fields.push({ ...own, arguments: given });
  }
}

function serves(type: ObjectType, name: string, subgraph: string): boolean {
  return type.fields.some((field) => field.name === name && isServedBy(field, subgraph));
}

export function drawUnions(world: World, random: Random): void {
  for (let index = 0; index < random.int(2); index++) {
    const members = random.some(
      world.objects.filter(({ name }) => name !== 'Place'),
      2,
      3,
    );
    const union = { name: `U${index}`, members: {} as Record<string, string[]> };
    for (const subgraph of world.subgraphs) {
      const there = members.filter(
        ({ subgraphs, kind }) => subgraphs.has(subgraph) || (kind === 'value' && random.chance(0.5)),
      );
      if (there.length > 0) union.members[subgraph] = there.map(({ name }) => name);
    }
    if (Object.keys(union.members).length > 0) world.unions.push(union);
  }
}
