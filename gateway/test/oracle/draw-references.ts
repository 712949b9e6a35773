import { drawField, drawShape } from './draw-field.ts';
import { emptyObject } from './draw-objects.ts';
import type { Random } from './random.ts';
import { type ObjectType, possibleIn, type World } from './world.ts';

/** Fields of entities and value types that lead to other objects. */
export function drawReferences(world: World, random: Random): void {
  const objects = [...world.objects, ...world.interfaces.flatMap(({ object }) => object ?? [])];
  for (const type of objects) {
    if (type.name === 'Place') continue;
    if (type.kind === 'value') {
      if (random.chance(0.4)) type.fields.push({ ...referenceOfValue(world, random), shareable: true });
      continue;
    }
    const homes = [...new Set(type.keys.map(({ subgraph }) => subgraph))];
    for (let index = 0; index < random.int(3); index++)
      addReference(world, random, type, {
        name: `${type.space === type.name ? type.name.toLowerCase() : 'r'}${index}`,
        homes,
      });
  }
}

/** A value type is the same in each subgraph, so it leads to what each can name by a key. */
function referenceOfValue(world: World, random: Random) {
  const target = random.pick(world.objects.filter(({ name }) => name.startsWith('E')));
  const field = drawField(random, { name: 'ref', shape: drawShape(random, target.name), homes: [] });
  return { ...field, declarations: [] };
}

function addReference(
  world: World,
  random: Random,
  type: ObjectType,
  options: { readonly name: string; readonly homes: readonly string[] },
): void {
  const target = random.pick(targetsOf(world));
  const homes = options.homes.filter((subgraph) => canName(world, target, subgraph));
  if (homes.length === 0) return;
  const field = drawField(random, { name: options.name, shape: drawShape(random, target), homes });
  const common = field.declarations.map(({ subgraph }) => possibleIn(world, target, subgraph));
  const [first = [], ...rest] = common;
  if (first.some((name) => rest.every((list) => list.includes(name)))) type.fields.push(field);
}

function targetsOf(world: World): string[] {
  const objects = world.objects.filter(({ kind, name }) => kind !== 'root' && name !== 'Place');
  return [...objects, ...world.interfaces, ...world.interfaces, ...world.unions, ...world.unions].map(
    ({ name }) => name,
  );
}

function canName(world: World, target: string, subgraph: string): boolean {
  const object = world.objects.find(({ name }) => name === target);
  if (object === undefined) return possibleIn(world, target, subgraph).length > 0;
  return object.space === object.name || object.subgraphs.has(subgraph);
}

/** Where operations start. */
export function drawRoots(world: World, random: Random): void {
  const query = emptyObject('Query', 'root', 'Query');
  const mutation = emptyObject('Mutation', 'root', 'Mutation');
  world.objects.push(query);
  let count = 0;
  for (const subgraph of world.subgraphs) {
    for (let index = 0; index < 1 + random.int(3); index++) {
      const homes = random.chance(0.15) ? [subgraph, ...world.subgraphs.filter((one) => one !== subgraph)] : [subgraph];
      addReference(world, random, query, { name: `q${count++}`, homes });
    }
  }
  if (query.fields.length === 0) addReference(world, random, query, { name: `q${count++}`, homes: world.subgraphs });
  if (random.chance(0.5)) return;
  for (const subgraph of world.subgraphs) {
    for (let index = 0; index < random.int(3); index++) {
      addReference(world, random, mutation, { name: `change${count++}`, homes: [subgraph] });
    }
    mutation.fields.push({
      name: `count${count++}`,
      shape: { named: 'Int', nonNull: random.chance(0.5) },
      arguments: [],
      declarations: [{ subgraph }],
      faulty: false,
      shareable: false,
      counts: true,
    });
  }
  world.objects.push(mutation);
}
