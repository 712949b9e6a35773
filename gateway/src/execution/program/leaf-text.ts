import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
  isEnumType,
} from 'graphql';
import { isText } from './index-record.ts';
import { isDigit, OPEN_BRACE, OPEN_BRACKET, QUOTE, SMALL_N, startsNumber } from './scan.ts';

/**
 * Whether the JSON text at [start, end) can be copied into an answer as a value of a leaf type; never called with null.
 * False means only that it takes a closer look: a wrong kind, an ID sent as a number, an escaped enum value, `1.0` for Int.
 */
export type LeafText = (bytes: Buffer, start: number, end: number) => boolean;

/** Decimal digits of which every number is an Int. */
const SAFE_INT_DIGITS = 9;

export function leafText(type: GraphQLLeafType): LeafText {
  if (isEnumType(type)) return enumText(type.getValues().map(({ name }) => Buffer.from(JSON.stringify(name))));
  switch (type.name) {
    case GraphQLInt.name:
      return isInt;
    case GraphQLFloat.name:
      return isNumber;
    case GraphQLBoolean.name:
      return isBoolean;
    case GraphQLString.name:
    case GraphQLID.name:
      return isString;
    default:
      return isScalar;
  }
}

function isString(bytes: Buffer, start: number): boolean {
  return bytes[start] === QUOTE;
}

function isBoolean(bytes: Buffer, start: number): boolean {
  return bytes[start] === 116 || bytes[start] === 102;
}

function isNumber(bytes: Buffer, start: number): boolean {
  return startsNumber(bytes[start] as number);
}

function isInt(bytes: Buffer, start: number, end: number): boolean {
  const negative = bytes[start] === 45;
  const digits = negative ? start + 1 : start;
  for (let at = digits; at < end; at += 1) if (!isDigit(bytes[at] as number)) return false;
  // -0 is the one integer whose digits change
  if (negative && bytes[digits] === 48) return false;
  if (end - digits <= SAFE_INT_DIGITS) return true;
  if (end - digits > SAFE_INT_DIGITS + 1) return false;
  const value = Number(bytes.toString('latin1', start, end));
  return value === (value | 0);
}

/**
 * A scalar that is not of the specification: objects and lists would have to be written anew, without their white space,
 * and whether null may be is another question.
 */
function isScalar(bytes: Buffer, start: number): boolean {
  const first = bytes[start];
  return first !== OPEN_BRACE && first !== OPEN_BRACKET && first !== SMALL_N;
}

function enumText(names: readonly Buffer[]): LeafText {
  if (names.length > 16) {
    const known = new Set(names.map((name) => name.toString('latin1')));
    return (bytes, start, end) => bytes[start] === QUOTE && known.has(bytes.toString('latin1', start, end));
  }
  return (bytes, start, end) => {
    for (const name of names) if (isText(bytes, start, end, name)) return true;
    return false;
  };
}
