import { namedOf, type ObjectType, type World } from './world.ts';

/** A smaller world in which something still fails: `fails` composes it and asks again. */
export async function shrinkWorld(world: World, fails: (world: World) => Promise<boolean>): Promise<World> {
  let best = world;
  for (let index = 0; ; ) {
    const edits = editsOf(best);
    const edit = edits[index];
    if (edit === undefined) return best;
    const smaller = structuredClone(best);
    edit(smaller);
    if (await fails(smaller)) best = smaller;
    else index++;
  }
}

type Edit = (world: World) => void;

/** Everything that can be taken out of it, large parts first; each works on a copy. */
function editsOf(world: World): Edit[] {
  return [
    ...world.objects.map(({ name }) => dropObject(name)),
    ...world.interfaces.map(({ name }) => dropAbstract(name)),
    ...world.unions.map(({ name }) => dropAbstract(name)),
    ...objectsOf(world).flatMap((type) => type.fields.map((field) => dropField(type.name, field.name))),
    ...objectsOf(world).flatMap((type) =>
      type.fields.flatMap((field) =>
        field.declarations.length > 1
          ? field.declarations.map((_, at) => dropDeclaration(type.name, field.name, at))
          : [],
      ),
    ),
    ...objectsOf(world).flatMap((type) => type.keys.map((_, at) => dropKey(type.name, at))),
  ];
}

function objectsOf(world: World): ObjectType[] {
  return [...world.objects, ...world.interfaces.flatMap(({ object }) => object ?? [])];
}

function dropObject(name: string): Edit {
  return (world) => {
    remove(world.objects, (type) => type.name === name);
    for (const { members } of [...world.unions, ...world.interfaces]) {
      for (const list of Object.values(members)) remove(list, (member) => member === name);
    }
    dropFieldsOfType(world, name);
  };
}

function dropAbstract(name: string): Edit {
  return (world) => {
    remove(world.interfaces, (type) => type.name === name);
    remove(world.unions, (type) => type.name === name);
    dropFieldsOfType(world, name);
  };
}

function dropFieldsOfType(world: World, name: string): void {
  for (const { fields } of objectsOf(world)) remove(fields, (field) => namedOf(field.shape) === name);
}

function dropField(type: string, name: string): Edit {
  return (world) => {
    for (const object of objectsOf(world))
      if (object.name === type) remove(object.fields, (field) => field.name === name);
    for (const { members, fields } of world.interfaces) {
      if (!Object.values(members).some((list) => list.includes(type))) continue;
      for (const names of Object.values(fields)) if (names.length > 1) remove(names, (one) => one === name);
    }
  };
}

function dropDeclaration(type: string, name: string, at: number): Edit {
  return (world) => {
    for (const object of objectsOf(world)) {
      if (object.name !== type) continue;
      for (const field of object.fields) if (field.name === name) field.declarations.splice(at, 1);
    }
  };
}

function dropKey(type: string, at: number): Edit {
  return (world) => {
    for (const object of objectsOf(world)) if (object.name === type) object.keys.splice(at, 1);
  };
}

function remove<T>(list: T[], matches: (item: T) => boolean): void {
  for (let index = list.length - 1; index >= 0; index--) if (matches(list[index] as T)) list.splice(index, 1);
}
