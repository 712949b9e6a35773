import { type ConstDirectiveNode, type DocumentNode, Kind, parse, print, type TypeNode, visit } from 'graphql';
import { z } from 'zod';

/** `contracts:` in the list of subgraphs: parts of the API for some clients, chosen by `@tag`. */
export const contractList = z
  .record(
    z.string(),
    z
      .strictObject({
        include: z.array(z.string()).default([]).describe('Only elements with one of these tags; empty: all.'),
        exclude: z.array(z.string()).default([]).describe('No element with one of these tags.'),
      })
      .refine(
        ({ include, exclude }) => include.length + exclude.length > 0,
        'a contract includes or excludes some tag',
      ),
  )
  .default({})
  .describe('Parts of the API for some clients, by their names.');

export type Contracts = z.infer<typeof contractList>;
export type Contract = Contracts[string];

interface Member {
  readonly name: string;
  readonly tags: readonly string[];
  /** The types that it gives or takes. Without the first it is gone; of the others it needs those that are required. */
  readonly gives: string | undefined;
  readonly args: readonly {
    readonly name: string;
    readonly type: string;
    readonly required: boolean;
    readonly tags: readonly string[];
  }[];
}

interface Definition {
  readonly kind: Kind;
  readonly tags: readonly string[];
  readonly members: readonly Member[];
  readonly unionOf: readonly string[];
}

/** The supergraph of a contract, for a gateway that serves it alone. */
export function contractSupergraph(supergraphSdl: string, contract: Contract): string {
  return `${print(contractDocument(parse(supergraphSdl), contract)).trimEnd()}\n`;
}

/** The supergraph with everything outside of the contract `@inaccessible`. */
export function contractDocument(supergraph: DocumentNode, contract: Contract): DocumentNode {
  const hidden = hiddenElements(definitionsOf(supergraph), contract);
  let path: string[] = [];
  const enterNamed = { enter: (node: { name: { value: string } }) => void path.push(node.name.value) };
  const mark = <T extends { directives?: readonly ConstDirectiveNode[] }>(node: T): T | undefined => {
    const coordinate = path.join('.');
    path = path.slice(0, -1);
    return hidden.has(coordinate) ? { ...node, directives: [...(node.directives ?? []), INACCESSIBLE] } : undefined;
  };
  const marked = visit(supergraph, {
    ...Object.fromEntries(MARKED.map((kind) => [kind, { ...enterNamed, leave: mark }])),
    DirectiveDefinition: () => false,
  });
  return withInaccessible(marked);
}

const MARKED = [
  'ObjectTypeDefinition',
  'InterfaceTypeDefinition',
  'UnionTypeDefinition',
  'EnumTypeDefinition',
  'InputObjectTypeDefinition',
  'ScalarTypeDefinition',
  'FieldDefinition',
  'InputValueDefinition',
  'EnumValueDefinition',
];
const INACCESSIBLE: ConstDirectiveNode = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'inaccessible' } };

/** Coordinates that are not in the contract, until nothing that is left names one of them. */
function hiddenElements(definitions: ReadonlyMap<string, Definition>, { include, exclude }: Contract): Set<string> {
  const hidden = new Set<string>();
  const isOut = (tags: readonly string[], owner: readonly string[]) =>
    tags.some((tag) => exclude.includes(tag)) ||
    (include.length > 0 && ![...tags, ...owner].some((tag) => include.includes(tag)));
  for (const [name, { tags, members, kind }] of definitions) {
    if (tags.some((tag) => exclude.includes(tag))) hidden.add(name);
    const chosen = kind === Kind.OBJECT_TYPE_DEFINITION || kind === Kind.INTERFACE_TYPE_DEFINITION;
    for (const member of members) {
      if (chosen ? isOut(member.tags, tags) : member.tags.some((tag) => exclude.includes(tag)))
        hidden.add(`${name}.${member.name}`);
      for (const arg of member.args)
        if (arg.tags.some((tag) => exclude.includes(tag))) hidden.add(`${name}.${member.name}.${arg.name}`);
    }
  }
  for (let before = -1; before !== hidden.size; ) {
    before = hidden.size;
    for (const [name, definition] of definitions) hideDependants(name, definition, hidden);
  }
  return hidden;
}

function hideDependants(name: string, { members, unionOf }: Definition, hidden: Set<string>): void {
  for (const member of members) {
    const coordinate = `${name}.${member.name}`;
    if (member.gives !== undefined && hidden.has(member.gives)) hidden.add(coordinate);
    for (const arg of member.args) {
      if (!hidden.has(arg.type)) continue;
      hidden.add(arg.required ? coordinate : `${coordinate}.${arg.name}`);
    }
  }
  const nothingLeft = members.length > 0 && members.every((member) => hidden.has(`${name}.${member.name}`));
  const noMemberLeft = unionOf.length > 0 && unionOf.every((member) => hidden.has(member));
  if (nothingLeft || noMemberLeft) hidden.add(name);
}

function definitionsOf({ definitions }: DocumentNode): Map<string, Definition> {
  return new Map(
    definitions.flatMap((node): [string, Definition][] => {
      if (!('name' in node) || node.name === undefined || node.kind === Kind.DIRECTIVE_DEFINITION) return [];
      if (/^(join|link|core)__/.test(node.name.value) || !('directives' in node)) return [];
      const fields = 'fields' in node ? (node.fields ?? []) : [];
      const values = 'values' in node ? (node.values ?? []) : [];
      const members = [...fields, ...values].map(
        (member): Member => ({
          name: member.name.value,
          tags: tagsOf(member.directives),
          gives: 'type' in member ? namedType(member.type) : undefined,
          args: ('arguments' in member ? (member.arguments ?? []) : []).map((arg) => ({
            name: arg.name.value,
            type: namedType(arg.type),
            required: arg.type.kind === Kind.NON_NULL_TYPE && arg.defaultValue === undefined,
            tags: tagsOf(arg.directives),
          })),
        }),
      );
      const unionOf = 'types' in node ? (node.types ?? []).map(({ name }) => name.value) : [];
      return [
        [
          node.name.value,
          { kind: node.kind, tags: tagsOf(node.directives as readonly ConstDirectiveNode[]), members, unionOf },
        ],
      ];
    }),
  );
}

function tagsOf(directives: readonly ConstDirectiveNode[] | undefined): string[] {
  return (directives ?? [])
    .filter(({ name }) => name.value === 'tag')
    .flatMap(({ arguments: given }) =>
      (given ?? []).flatMap(({ value }) => (value.kind === Kind.STRING ? [value.value] : [])),
    );
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

const SPEC = 'https://specs.apollo.dev/inaccessible/v0.2';

/** Links and defines `@inaccessible` where no subgraph used it. */
function withInaccessible(document: DocumentNode): DocumentNode {
  const isDefined = document.definitions.some(
    (node) => node.kind === Kind.DIRECTIVE_DEFINITION && node.name.value === 'inaccessible',
  );
  if (isDefined) return document;
  const name = (value: string) => ({ kind: Kind.NAME as const, value });
  const link: ConstDirectiveNode = {
    kind: Kind.DIRECTIVE,
    name: name('link'),
    arguments: [
      { kind: Kind.ARGUMENT, name: name('url'), value: { kind: Kind.STRING, value: SPEC } },
      { kind: Kind.ARGUMENT, name: name('for'), value: { kind: Kind.ENUM, value: 'SECURITY' } },
    ],
  };
  return {
    ...document,
    definitions: [
      ...document.definitions.map((node) =>
        node.kind === Kind.SCHEMA_DEFINITION ? { ...node, directives: [...(node.directives ?? []), link] } : node,
      ),
      {
        kind: Kind.DIRECTIVE_DEFINITION,
        name: name('inaccessible'),
        repeatable: false,
        locations: LOCATIONS.map(name),
      },
    ],
  };
}

const LOCATIONS = [
  'FIELD_DEFINITION',
  'OBJECT',
  'INTERFACE',
  'UNION',
  'ARGUMENT_DEFINITION',
  'SCALAR',
  'ENUM',
  'ENUM_VALUE',
  'INPUT_OBJECT',
  'INPUT_FIELD_DEFINITION',
];
