import {
  type ArgumentNode,
  astFromValue,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  getNullableType,
  isInputObjectType,
  isListType,
  Kind,
  type ObjectFieldNode,
  type ValueNode,
} from 'graphql';

/** What a variable is called in the text. */
type VariableName = (name: string) => string;

export interface ArgumentOptions {
  /** Of the field; what is not known of an argument is not evened out. */
  readonly definitions?: readonly (GraphQLArgument | GraphQLInputField)[] | undefined;
  readonly toName?: VariableName;
}

/** An argument, or a field of an input object. */
type NamedValue = ArgumentNode | ObjectFieldNode;

const SAME_NAME: VariableName = (name) => name;

/**
 * Equal texts for equal arguments, however they are written: in any order, with or without what is the default, one value
 * for a list of one. Planners print values anew and even an ID of digits as a number, so `"1"` and `1` are the same here:
 * a subgraph takes both for that ID.
 */
export function argumentText(
  given: readonly NamedValue[],
  { definitions = [], toName = SAME_NAME }: ArgumentOptions = {},
): string {
  const texts = given.map(({ name, value }) => {
    const type = definitions.find((definition) => definition.name === name.value)?.type;
    return `${name.value}:${valueText(value, type, toName)}`;
  });
  for (const { name, type, defaultValue } of definitions) {
    if (given.some((argument) => argument.name.value === name)) continue;
    const value = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
    if (value) texts.push(`${name}:${valueText(value, type, toName)}`);
  }
  return texts.sort().join();
}

function valueText(value: ValueNode, declared: GraphQLInputType | undefined, toName: VariableName): string {
  const type = getNullableType(declared);
  if (value.kind === Kind.VARIABLE) return `$${toName(value.name.value)}`;
  if (value.kind === Kind.NULL) return 'null';
  const item = isListType(type) ? (type.ofType as GraphQLInputType) : undefined;
  if (value.kind === Kind.LIST) return `[${value.values.map((one) => valueText(one, item, toName)).join()}]`;
  if (item !== undefined) return `[${valueText(value, item, toName)}]`;
  if (value.kind === Kind.OBJECT) {
    const definitions = isInputObjectType(type) ? Object.values(type.getFields()) : [];
    return `{${argumentText(value.fields, { definitions, toName })}}`;
  }
  return leafText(value);
}

function leafText(value: ValueNode): string {
  switch (value.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return numberText(value.value);
    case Kind.STRING:
      return /^-?\d+$/.test(value.value) ? numberText(value.value) : JSON.stringify(value.value);
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return String(value.value);
    default:
      throw new TypeError(`${value.kind} is not the value of a leaf`);
  }
}

/** `1.0` is printed as `1`; digits that a number cannot hold stay. */
function numberText(digits: string): string {
  return Number.isSafeInteger(Number(digits)) || /[.eE]/.test(digits) ? String(Number(digits)) : digits;
}
