import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { Random } from './random.ts';

/** Variables of an operation as it is drawn. */
export interface Variables {
  /** `$v0: Int! = 3` */
  readonly definitions: string[];
  /** Not every defined one is given. */
  readonly values: Record<string, unknown>;
}

/** `(x: 1, y: $v0)`, or nothing. */
export function drawGiven(random: Random, given: readonly GraphQLArgument[], variables: Variables): string {
  const texts = given.flatMap((argument) => {
    if (!isRequiredArgument(argument) && random.chance(0.35)) return [];
    return [`${argument.name}: ${drawInput(random, argument.type, variables, argument.defaultValue !== undefined)}`];
  });
  return texts.length === 0 ? '' : `(${texts.join(', ')})`;
}

export function drawCondition(random: Random, variables: Variables): string {
  if (!random.chance(0.12)) return '';
  const value = random.chance(0.3)
    ? String(random.chance(0.5))
    : `$${defineVariable(random, { type: 'Boolean!', variables, draw: () => random.chance(0.5) })}`;
  return ` @${random.pick(['skip', 'include'])}(if: ${value})`;
}

/** A literal, or a variable as a whole or inside of one. */
function drawInput(
  random: Random,
  type: GraphQLInputType,
  variables: Variables,
  hasDefault: boolean,
  depth = 0,
): string {
  if (random.chance(depth === 0 ? 0.45 : 0.2)) return `$${drawVariable(random, type, variables, hasDefault)}`;
  if (!isNonNullType(type) && random.chance(0.1)) return 'null';
  const nullable = isNonNullType(type) ? (type.ofType as GraphQLInputType) : type;
  if (isListType(nullable)) {
    const item = nullable.ofType as GraphQLInputType;
    if (random.chance(0.15) && !isListType(isNonNullType(item) ? item.ofType : item)) {
      return drawInput(random, item, variables, false, depth + 1); // one item stands for a list of one
    }
    const items = Array.from({ length: random.int(3) }, () => drawInput(random, item, variables, false, depth + 1));
    return `[${items.join(', ')}]`;
  }
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields()).flatMap((field) =>
      skips(random, field, depth)
        ? []
        : [`${field.name}: ${drawInput(random, field.type, variables, false, depth + 1)}`],
    );
    return `{ ${fields.join(', ')} }`;
  }
  if (isEnumType(nullable)) return random.pick(nullable.getValues()).name;
  return JSON.stringify(drawScalar(random, nullable.toString()));
}

function skips(random: Random, field: GraphQLInputField, depth: number): boolean {
  return !isRequiredInputField(field) && random.chance(depth > 1 ? 0.9 : 0.5);
}

function drawVariable(random: Random, type: GraphQLInputType, variables: Variables, hasDefault: boolean): string {
  // a place with a default takes a nullable variable, which may be absent
  const loosened = hasDefault && isNonNullType(type) && random.chance(0.4);
  const own = (loosened ? type.ofType : type) as GraphQLInputType;
  const name = defineVariable(random, { type: own.toString(), variables, draw: () => drawValue(random, own, 0) });
  // null would be an error of the client
  if (loosened && variables.values[name] === null) delete variables.values[name];
  return name;
}

function defineVariable(
  random: Random,
  options: { readonly type: string; readonly variables: Variables; readonly draw: () => unknown },
): string {
  const { type, variables, draw } = options;
  const known = variables.definitions.filter(
    (text) => text.startsWith('$') && text.slice(text.indexOf(':') + 2) === type,
  );
  if (known.length > 0 && random.chance(0.4)) {
    const text = random.pick(known);
    return text.slice(1, text.indexOf(':'));
  }
  const count = variables.definitions.length;
  const name = count === 0 && random.chance(0.1) ? 'representations' : `v${count}`;
  const optional = !type.endsWith('!');
  variables.definitions.push(`$${name}: ${type}`);
  if (!optional || random.chance(0.75)) variables.values[name] = draw();
  return name;
}

function drawValue(random: Random, type: GraphQLInputType, depth: number): unknown {
  if (isNonNullType(type)) return drawNonNull(random, type.ofType as GraphQLInputType, depth);
  return random.chance(0.15) ? null : drawNonNull(random, type, depth);
}

function drawNonNull(random: Random, type: GraphQLInputType, depth: number): unknown {
  if (isListType(type)) {
    return Array.from({ length: random.int(3) }, () => drawValue(random, type.ofType as GraphQLInputType, depth + 1));
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter((field) => !skips(random, field, depth));
    return Object.fromEntries(fields.map((field) => [field.name, drawValue(random, field.type, depth + 1)]));
  }
  if (isEnumType(type)) return random.pick(type.getValues()).name;
  return drawScalar(random, type.toString());
}

function drawScalar(random: Random, type: string): unknown {
  switch (type) {
    case 'Int':
      return random.pick([0, 1, 2, -7, 2_147_483_647]);
    case 'Float':
      return random.pick([0, 1, 1.5, -0.25, 1e10]);
    case 'Boolean':
      return random.chance(0.5);
    case 'ID':
      return random.pick(['1', 'x', '']);
    default:
      return random.pick(['', 'a', 'quo"te', 'é\n', '\\', '$v0', '{x}']);
  }
}
