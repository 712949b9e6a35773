import { addKey } from './draw-objects.ts';
import type { Random } from './random.ts';
import { namedOf, type ObjectType, objectNamed, type World } from './world.ts';

/** Each subgraph declares every type that it names: entities by a key, value types whole. */
export function declareWhatIsNamed(world: World, random: Random): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const { name, members } of world.unions) {
      for (const subgraph of Object.keys(members)) {
        changed = declare(world, random, { target: name, subgraph }) || changed;
      }
    }
    for (const type of [...world.objects, ...world.interfaces.flatMap(({ object }) => object ?? [])]) {
      for (const field of type.fields) {
        for (const { subgraph } of [...field.declarations]) {
          changed = declare(world, random, { target: namedOf(field.shape), subgraph }) || changed;
        }
      }
    }
  }
}

function declare(
  world: World,
  random: Random,
  { target, subgraph }: { readonly target: string; readonly subgraph: string },
): boolean {
  const union = world.unions.find(({ name }) => name === target);
  if (union !== undefined) {
    const members = union.members[subgraph] ?? [];
    return members.map((member) => declare(world, random, { target: member, subgraph })).includes(true);
  }
  const type = objectNamed(world, target);
  if (type === undefined || type.subgraphs.has(subgraph)) return false;
  type.subgraphs.add(subgraph);
  if (type.kind === 'entity') addStub(type, subgraph, random);
  else for (const field of type.fields) field.declarations.push({ subgraph });
  return true;
}

/** A subgraph that only refers to an entity; it may or may not resolve one. */
function addStub(type: ObjectType, subgraph: string, random: Random): void {
  const kind = type.name === 'E0' ? 'id' : random.pick(type.keys).kind;
  addKey(type, { kind, subgraph, resolvable: random.chance(0.5) });
}
