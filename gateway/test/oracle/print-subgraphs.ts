import { KEY_FIELDS } from './identity.ts';
import {
  type Declaration,
  declarationIn,
  type Field,
  type InterfaceType,
  type ObjectType,
  objectNamed,
  printShape,
  type World,
} from './world.ts';

const DIRECTIVES = [
  '@key',
  '@external',
  '@requires',
  '@provides',
  '@shareable',
  '@override',
  '@interfaceObject',
  '@inaccessible',
];
const HEAD = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [${DIRECTIVES.map((name) => `"${name}"`).join(', ')}])
scalar Json
enum Color { RED GREEN BLUE }
input Filter { limit: Int = 2 colors: [Color!] nested: Filter text: String! = "t" }`;

/** The schema of each subgraph, in the order of the graph. */
export function printSubgraphs(world: World): { readonly name: string; readonly typeDefs: string }[] {
  return world.subgraphs.map((name) => ({ name, typeDefs: printSubgraph(world, name) }));
}

function printSubgraph(world: World, subgraph: string): string {
  const parts = [HEAD];
  for (const type of world.objects) parts.push(...printObject(world, type, subgraph));
  for (const type of world.interfaces) parts.push(...printInterface(world, type, subgraph));
  for (const { name, members } of world.unions) {
    if (members[subgraph] !== undefined) parts.push(`union ${name} = ${members[subgraph].join(' | ')}`);
  }
  return `${parts.join('\n')}\n`;
}

function printObject(world: World, type: ObjectType, subgraph: string, directive = ''): string[] {
  const fields = type.fields.flatMap((field) => {
    const declaration = declarationIn(field, subgraph);
    return declaration === undefined ? [] : [`  ${printField(field, declaration)}`];
  });
  if (fields.length === 0) return [];
  const interfaces = world.interfaces.filter(({ members }) => members[subgraph]?.includes(type.name));
  const names = interfaces.length === 0 ? '' : ` implements ${interfaces.map(({ name }) => name).join(' & ')}`;
  return [`type ${type.name}${names}${directive}${printKeys(type, subgraph)} {\n${fields.join('\n')}\n}`];
}

function printKeys(type: ObjectType, subgraph: string): string {
  return type.keys
    .filter((key) => key.subgraph === subgraph)
    .map(
      ({ kind, resolvable }) => ` @key(fields: "${KEY_FIELDS[kind].text}"${resolvable ? '' : ', resolvable: false'})`,
    )
    .join('');
}

function printInterface(world: World, type: InterfaceType, subgraph: string): string[] {
  if (type.object !== undefined && type.objectIn.includes(subgraph)) {
    return printObject(world, type.object, subgraph, ' @interfaceObject');
  }
  const names = type.fields[subgraph];
  const members = (type.members[subgraph] ?? []).flatMap((name) => objectNamed(world, name) ?? []);
  if (names === undefined) return [];
  const fields = names.map((name) => {
    const all = members.flatMap((member) => member.fields.filter((field) => field.name === name));
    const [first] = all;
    if (first === undefined) throw new Error(`${type.name} has no ${name}`);
    const loose = all.some((field) => declarationIn(field, subgraph)?.loose);
    return `  ${name}${printArguments(first)}: ${printShape(first.shape, loose)}`;
  });
  const key = type.entity ? ' @key(fields: "id")' : '';
  return [`interface ${type.name}${key} {\n${fields.join('\n')}\n}`];
}

function printField(field: Field, declaration: Declaration): string {
  const { external, requires, provides, override, loose } = declaration;
  const directives = [
    external && '@external',
    field.shareable && !external && requires === undefined && '@shareable',
    field.inaccessible && '@inaccessible',
    requires !== undefined && `@requires(fields: "${requires}")`,
    provides !== undefined && `@provides(fields: "${provides}")`,
    override !== undefined && `@override(from: "${override}")`,
  ].filter((text) => typeof text === 'string');
  const type = `${field.name}${printArguments(field)}: ${printShape(field.shape, loose)}`;
  return [type, ...directives].join(' ');
}

function printArguments({ arguments: given }: Field): string {
  return given.length === 0 ? '' : `(${given.map(({ name, type }) => `${name}: ${type}`).join(', ')})`;
}
