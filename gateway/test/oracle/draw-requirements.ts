import { ARGUMENT_LITERALS, drawShape } from './draw-field.ts';
import { isKeyField } from './identity.ts';
import type { Random } from './random.ts';
import {
  candidatesOf,
  declarationIn,
  type Field,
  isLeaf,
  isServedBy,
  LEAVES,
  namedOf,
  type ObjectType,
  objectNamed,
  possibleIn,
  type World,
} from './world.ts';

/** Fields that are computed from fields of other subgraphs. */
export function drawRequires(world: World, random: Random): void {
  let count = 0;
  for (const type of entitiesOf(world)) {
    for (const { subgraph, resolvable } of [...type.keys]) {
      if (!resolvable || !random.chance(0.5)) continue;
      const fields = 1 + random.int(2);
      for (let index = 0; index < fields; index++) addRequiring(world, random, { type, subgraph, name: `c${count++}` });
    }
  }
}

function entitiesOf(world: World): ObjectType[] {
  return [...world.objects, ...world.interfaces.flatMap(({ object }) => object ?? [])].filter(
    ({ kind }) => kind === 'entity',
  );
}

function addRequiring(
  world: World,
  random: Random,
  options: { readonly type: ObjectType; readonly subgraph: string; readonly name: string },
): void {
  const { type, subgraph, name } = options;
  const foreign = type.fields.filter(
    (field) =>
      !isKeyField(field) && !isServedBy(field, subgraph) && declarationIn(field, subgraph)?.overridden !== true,
  );
  const texts = random.some(foreign, 1, 2).flatMap((field) => require(world, random, field, subgraph) ?? []);
  if (texts.length === 0) return;
  type.fields.push({
    name,
    shape: drawShape(random, random.pick(LEAVES)),
    arguments: random.chance(0.3) ? [{ name: 'x', type: 'Int' }] : [],
    declarations: [{ subgraph, requires: texts.join(' ') }],
    faulty: false,
    shareable: false,
  });
}

/** The selection of a foreign field, which it declares as external; undefined: the subgraph cannot name what it gives. */
function require(world: World, random: Random, field: Field, subgraph: string): string | undefined {
  const target = namedOf(field.shape);
  const given = field.arguments.map(
    (argument) => `${argument.name}: ${random.pick(ARGUMENT_LITERALS[argument.type] ?? [])}`,
  );
  const head = `${field.name}${given.length === 0 ? '' : `(${given.join(', ')})`}`;
  const inner = isLeaf(field.shape) ? '' : requireOf(world, random, target, subgraph);
  if (inner === undefined) return undefined;
  if (declarationIn(field, subgraph) === undefined) {
    field.declarations.push({ subgraph, external: true });
    // a type that the requiring subgraph cannot name could not arrive there
    if (!isLeaf(field.shape) && candidatesOf(world, field).length === 0) return void field.declarations.pop();
  }
  return `${head}${inner}`;
}

function requireOf(world: World, random: Random, target: string, subgraph: string): string | undefined {
  const object = objectIn(world, target, subgraph);
  if (object !== undefined) {
    const inner = requireOfObject(random, object, subgraph);
    return inner === undefined ? undefined : ` { ${inner} }`;
  }
  const parts = possibleIn(world, target, subgraph).flatMap((name) => {
    const member = objectNamed(world, name);
    const inner = member === undefined ? undefined : requireOfObject(random, member, subgraph);
    return inner === undefined ? [] : [`... on ${name} { ${inner} }`];
  });
  return parts.length === 0 ? undefined : ` { __typename ${random.some(parts, 1, 2).join(' ')} }`;
}

/** The object type that one subgraph means by a name; an interface is one only where nothing else of it is known. */
function objectIn(world: World, name: string, subgraph: string): ObjectType | undefined {
  const found = world.interfaces.find((type) => type.name === name);
  return found === undefined || found.objectIn.includes(subgraph) ? objectNamed(world, name) : undefined;
}

/** Leaf fields without arguments: its own in that subgraph, or external ones. */
function requireOfObject(random: Random, type: ObjectType, subgraph: string): string | undefined {
  if (type.kind === 'entity' && !type.subgraphs.has(subgraph)) return undefined;
  const leaves = type.fields.filter(
    (field) =>
      isLeaf(field.shape) &&
      field.arguments.length === 0 &&
      !(isKeyField(field) && declarationIn(field, subgraph) === undefined) &&
      declarationIn(field, subgraph)?.overridden !== true &&
      !field.declarations.some(({ requires }) => requires),
  );
  const chosen = random.some(leaves, 1, 2);
  for (const field of chosen) {
    if (declarationIn(field, subgraph) === undefined && type.kind === 'entity') {
      field.declarations.push({ subgraph, external: true });
    }
  }
  return chosen.length === 0 ? undefined : chosen.map(({ name }) => name).join(' ');
}

/** References that bring a field of their entity along, which its subgraph cannot serve otherwise. */
export function drawProvides(world: World, random: Random): void {
  for (const type of world.objects) {
    for (const field of type.fields) {
      if (isKeyField(field)) continue;
      for (const declaration of field.declarations) {
        if (declaration.external || declaration.overridden || !random.chance(0.3)) continue;
        const target = objectIn(world, namedOf(field.shape), declaration.subgraph);
        if (target?.kind === 'entity') provide(random, target, declaration);
      }
    }
  }
}

function provide(random: Random, target: ObjectType, declaration: Field['declarations'][number]): void {
  const { subgraph } = declaration;
  const foreign = target.fields.filter(
    (field) =>
      isLeaf(field.shape) &&
      !isKeyField(field) &&
      field.arguments.length === 0 &&
      !isServedBy(field, subgraph) &&
      declarationIn(field, subgraph)?.overridden !== true &&
      !field.declarations.some(({ requires, override }) => requires !== undefined || override !== undefined),
  );
  const chosen = random.some(foreign, 1, 2);
  if (chosen.length === 0) return;
  for (const field of chosen) {
    field.shareable = true;
    if (declarationIn(field, subgraph) === undefined) field.declarations.push({ subgraph, external: true });
  }
  declaration.provides = chosen.map(({ name }) => name).join(' ');
}
