import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
  parse,
  validate,
} from 'graphql';
import { drawCondition, drawGiven, type Variables } from './draw-arguments.ts';
import { createRandom, type Random } from './random.ts';

export interface Operation {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Draft {
  readonly schema: GraphQLSchema;
  readonly random: Random;
  readonly variables: Variables;
  /** Each by the type it is on, and its text. */
  readonly fragments: { readonly name: string; readonly on: string; readonly text: string }[];
  readonly give: DrawOptions['give'];
  readonly conditions: boolean;
  fieldsLeft: number;
  aliases: number;
}

const MOST_TRIES = 20;

export interface DrawOptions {
  /** Arguments as text, `(id: "1")`, where any value would find nothing; undefined: drawn as others are. */
  readonly give?: (coordinate: string, random: Random) => string | undefined;
  readonly mutations?: boolean;
  /** False: no `@skip` and no `@include`. */
  readonly conditions?: boolean;
}

/** A valid operation on the API schema; undefined: none was found by this seed. */
export function drawOperation(schema: GraphQLSchema, seed: number, options: DrawOptions = {}): Operation | undefined {
  const random = createRandom(seed);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const operation = drawOnce(schema, random, options);
    const document = parse(operation.text);
    if (validate(schema, document).length === 0) return operation;
  }
  return undefined;
}

function drawOnce(
  schema: GraphQLSchema,
  random: Random,
  { give, mutations = true, conditions = true }: DrawOptions,
): Operation {
  const mutates = mutations && schema.getMutationType() !== undefined && random.chance(0.15);
  const root = mutates ? schema.getMutationType() : schema.getQueryType();
  if (!root) throw new Error('no root type');
  const variables: Variables = { definitions: [], values: {} };
  const draft: Draft = {
    schema,
    random,
    variables,
    give,
    conditions,
    fragments: [],
    fieldsLeft: 8 + random.int(30),
    aliases: 0,
  };
  const selection = drawSelection(draft, root, 0);
  const head =
    variables.definitions.length === 0
      ? ''
      : `(${variables.definitions.map((text) => withDefault(text, random, variables)).join(', ')})`;
  const name = random.chance(0.3) ? ' Drawn' : '';
  const fragments = draft.fragments.map((one) => `fragment ${one.name} on ${one.on} ${one.text}`);
  const text = [`${mutates ? 'mutation' : 'query'}${name}${head} ${selection}`, ...fragments].join('\n');
  return { text, variables: variables.values };
}

/** Some variables that were given have a default that does not count, some that were not have one that does. */
function withDefault(definition: string, random: Random, { values }: Variables): string {
  const [name = '', type = ''] = definition.slice(1).split(': ');
  const literal = { Int: '5', String: '"d"', Boolean: 'true', Color: 'BLUE', 'Boolean!': 'false', 'Int!': '6' }[type];
  if (literal === undefined || !random.chance(0.4)) return definition;
  if (type === 'Boolean!' && random.chance(0.5)) delete values[name];
  return `${definition} = ${literal}`;
}

function drawSelection(draft: Draft, type: GraphQLCompositeType, depth: number): string {
  const { random } = draft;
  const parts: string[] = [];
  const wanted = 1 + random.int(depth === 0 ? 4 : 5);
  for (let index = 0; index < wanted; index++) parts.push(drawPart(draft, type, depth));
  return `{ ${parts.filter((part) => part !== '').join(' ') || '__typename'} }`;
}

function drawPart(draft: Draft, type: GraphQLCompositeType, depth: number): string {
  const { random } = draft;
  if (random.chance(0.12)) return random.chance(0.2) ? `t${draft.aliases++}: __typename` : '__typename';
  if (isUnionType(type) || random.chance(isAbstractType(type) ? 0.5 : 0.1)) return drawFragment(draft, type, depth);
  const fields = Object.values(type.getFields());
  return drawField(draft, random.pick(fields), { parent: type, depth });
}

function drawFragment(draft: Draft, type: GraphQLCompositeType, depth: number): string {
  const { random, schema, variables, fragments } = draft;
  // abstract types lead to each other without end
  if (draft.fieldsLeft-- <= 0 && depth > 0) return '';
  const condition = draft.conditions ? drawCondition(random, variables) : '';
  const on = drawTypeCondition(schema, random, type);
  const known = fragments.filter((one) => one.on === on.name);
  if (known.length > 0 && random.chance(0.4)) return `...${random.pick(known).name}${condition}`;
  const text = drawSelection(draft, on, depth + (isObjectType(type) ? 1 : 0.5));
  if (random.chance(0.25)) {
    const name = `F${fragments.length}`;
    fragments.push({ name, on: on.name, text });
    return `...${name}${condition}`;
  }
  return on.name === type.name && random.chance(0.5)
    ? `...${condition} ${text}`
    : `... on ${on.name}${condition} ${text}`;
}

/** A type that shares objects with this one: itself, a member, or another abstract type of a member. */
function drawTypeCondition(schema: GraphQLSchema, random: Random, type: GraphQLCompositeType): GraphQLCompositeType {
  const members = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const member = random.pick(members);
  const around = random.chance(0.2)
    ? Object.values(schema.getTypeMap()).filter((one) => isAbstractType(one) && schema.isSubType(one, member))
    : [];
  return random.pick([member, member, type, ...(around as GraphQLCompositeType[])]);
}

function drawField(
  draft: Draft,
  field: GraphQLField<unknown, unknown>,
  at: { readonly parent: GraphQLCompositeType; readonly depth: number },
): string {
  const { random, variables } = draft;
  const named = getNamedType(field.type);
  if (draft.fieldsLeft-- <= 0 && at.depth > 0) return '';
  if (isCompositeType(named) && at.depth >= 5) return '';
  const alias = drawAlias(draft, field, at.parent);
  const given = draft.give?.(`${at.parent.name}.${field.name}`, random) ?? drawGiven(random, field.args, variables);
  const condition = draft.conditions ? drawCondition(random, variables) : '';
  const head = `${alias}${field.name}${given}${condition}`;
  return isCompositeType(named) ? `${head} ${drawSelection(draft, named, at.depth + 1)}` : head;
}

/** Fields with arguments mostly have one, so that two of them at one place do not clash; some take the name of another field. */
function drawAlias(draft: Draft, field: GraphQLField<unknown, unknown>, parent: GraphQLCompositeType): string {
  const { random } = draft;
  if (!random.chance(field.args.length > 0 ? 0.6 : 0.15)) return '';
  if (random.chance(0.2) && !isUnionType(parent)) return `${random.pick(Object.keys(parent.getFields()))}: `;
  if (random.chance(0.05)) return `${random.pick(['then', 'id', 'constructor', 'toString', '_entities', 'code'])}: `;
  return `a${draft.aliases++}: `;
}
