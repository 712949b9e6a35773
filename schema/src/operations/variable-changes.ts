import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getVariableValues,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  typeFromAST,
} from 'graphql';
import { placesOf } from '../problem.ts';
import type { OperationFinding } from '../verdict/operation-problem.ts';
import type { UsedOperation } from './known-operations.ts';

/** A value that was accepted inside a variable and is refused now. */
interface InputBreak {
  readonly coordinate: string;
  readonly message: string;
}

/**
 * What validation cannot see: an operation that passes an input object by variable stays valid when the object gets a
 * required field. Where the shapes of values that clients send were seen, those are tried; else every value that was
 * accepted counts as sent.
 */
export function variableBreaks(operation: UsedOperation, base: GraphQLSchema, next: GraphQLSchema): OperationFinding[] {
  const { variableDefinitions = [] } = operation.definition;
  if (operation.use.variables.length > 0) return seenShapeBreaks(operation, base, next);
  return variableDefinitions.flatMap((variable) => {
    const before = getNamedType(typeFromAST(base, variable.type as never) as GraphQLInputType | undefined);
    if (before === undefined) return [];
    return inputBreaks(before.name, base, next, new Set()).map(({ coordinate, message }) => ({
      code: 'VARIABLE_BREAKS',
      rule: 'B',
      message: `Values of $${variable.variable.name.value} that were accepted are refused now: ${message}`,
      coordinates: [coordinate],
      places: placesOf([variable]),
    }));
  });
}

/** Shapes keep keys, enums, booleans and nulls; a text is "" and a number 0 in them. */
function seenShapeBreaks(
  { definition, use }: UsedOperation,
  base: GraphQLSchema,
  next: GraphQLSchema,
): OperationFinding[] {
  const { variableDefinitions = [] } = definition;
  const messages = new Set<string>();
  for (const shape of use.variables) {
    if (getVariableValues(base, variableDefinitions, shape).errors !== undefined) continue;
    for (const { message } of getVariableValues(next, variableDefinitions, shape).errors ?? []) messages.add(message);
  }
  return [...messages].map((message) => ({
    code: 'VARIABLE_BREAKS',
    rule: 'B',
    message: `Values that clients sent are refused now: ${message}`,
    places: placesOf([definition]),
  }));
}

/** C6: input objects that an operation passes, and that have a field with another default, which values may leave out. */
export function inputDefaultChanges(
  { definition }: UsedOperation,
  base: GraphQLSchema,
  next: GraphQLSchema,
): OperationFinding[] {
  return (definition.variableDefinitions ?? []).flatMap((variable) => {
    const before = getNamedType(typeFromAST(base, variable.type as never) as GraphQLInputType | undefined);
    if (before === undefined) return [];
    return defaultsBelow(before.name, base, next, new Set()).map(({ coordinate, message }) => ({
      code: 'DEFAULT_CHANGES',
      rule: 'C6',
      message: `Values of $${variable.variable.name.value} can leave out ${message}`,
      coordinates: [coordinate],
      places: placesOf([variable]),
    }));
  });
}

function defaultsBelow(name: string, base: GraphQLSchema, next: GraphQLSchema, seen: Set<string>): InputBreak[] {
  const [before, after] = [base.getType(name), next.getType(name)];
  if (seen.has(name) || !isInputObjectType(before) || !isInputObjectType(after)) return [];
  seen.add(name);
  return Object.values(before.getFields()).flatMap((field) => {
    const same = after.getFields()[field.name];
    if (same === undefined) return [];
    const [from, to] = [JSON.stringify(field.defaultValue), JSON.stringify(same.defaultValue)];
    const below = defaultsBelow(getNamedType(field.type).name, base, next, seen);
    if (from === to) return below;
    const coordinate = `${name}.${field.name}`;
    return [
      { coordinate, message: `${coordinate}, whose default changes from ${from ?? 'none'} to ${to ?? 'none'}.` },
      ...below,
    ];
  });
}

function inputBreaks(name: string, base: GraphQLSchema, next: GraphQLSchema, seen: Set<string>): InputBreak[] {
  if (seen.has(name)) return [];
  seen.add(name);
  const before = base.getType(name);
  const after = next.getType(name);
  if (isEnumType(before) && isEnumType(after)) {
    return before
      .getValues()
      .filter((value) => after.getValue(value.name) === undefined)
      .map((value) => ({
        coordinate: `${name}.${value.name}`,
        message: `${name} has no value ${value.name} any more.`,
      }));
  }
  if (!isInputObjectType(before) || !isInputObjectType(after)) return [];
  const breaks: InputBreak[] = [];
  for (const field of Object.values(before.getFields())) {
    const coordinate = `${name}.${field.name}`;
    const same = after.getFields()[field.name];
    if (same === undefined) breaks.push({ coordinate, message: `${coordinate} was removed.` });
    else if (!acceptsAll(field.type, same.type, isRequiredInputField(same))) {
      breaks.push({ coordinate, message: `${coordinate} changed from ${field.type} to ${same.type}.` });
    } else breaks.push(...inputBreaks(getNamedType(field.type).name, base, next, seen));
  }
  for (const field of Object.values(after.getFields())) {
    if (before.getFields()[field.name] !== undefined || !isRequiredInputField(field)) continue;
    breaks.push({
      coordinate: `${name}.${field.name}`,
      message: `${name}.${field.name} of type ${field.type} is required.`,
    });
  }
  return breaks;
}

/** True when every value of `before` is one of `after` too. `required`: null is refused and nothing stands in for it. */
function acceptsAll(before: GraphQLInputType, after: GraphQLInputType, required: boolean): boolean {
  if (isNonNullType(after) && !isNonNullType(before) && required) return false;
  const [was, is] = [getNullableType(before), getNullableType(after)];
  if (isListType(is)) {
    const item = isListType(was) ? was.ofType : was; // a single value is accepted where a list is asked
    return acceptsAll(
      item as GraphQLInputType,
      is.ofType as GraphQLInputType,
      isNonNullType(is.ofType) && isListType(was),
    );
  }
  if (isListType(was)) return false;
  const [from, to] = [getNamedType(was).name, getNamedType(is).name];
  return from === to || WIDER.has(`${from} ${to}`);
}

/** Built-in scalars that accept every value of another one. */
const WIDER = new Set(['Int Float', 'Int ID', 'String ID']);
