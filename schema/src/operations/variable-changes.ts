import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  typeFromAST,
} from 'graphql';
import { type Problem, placesOf } from '../problem.ts';
import type { KnownOperation } from './operations.ts';

/** A value that was accepted inside a variable and is refused now. */
interface InputBreak {
  readonly coordinate: string;
  readonly message: string;
}

/**
 * What validation cannot see: an operation that passes an input object by variable stays valid when the object gets a
 * required field. Nobody records which shapes clients send, so every such variable counts as sent in the old shape.
 */
export function variableBreaks(operation: KnownOperation, base: GraphQLSchema, next: GraphQLSchema): Problem[] {
  return (operation.definition.variableDefinitions ?? []).flatMap((variable) => {
    const before = getNamedType(typeFromAST(base, variable.type as never) as GraphQLInputType | undefined);
    if (before === undefined) return [];
    return inputBreaks(before.name, base, next, new Set()).map(({ coordinate, message }) => ({
      code: 'VARIABLE_BREAKS',
      severity: 'error',
      message: `Values of $${variable.variable.name.value} that were accepted are refused now: ${message}`,
      operation: operation.name,
      coordinates: [coordinate],
      places: placesOf([variable]),
    }));
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
