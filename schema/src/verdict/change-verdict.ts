import {
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type { ApiChange } from '../api-changes.ts';
import type { Rule } from './rules.ts';

const ANSWERS = new Set(['ENUM_VALUE_ADDED', 'UNION_MEMBER_ADDED', 'OBJECT_TYPE_INTERFACE_ADDED']);
const ABOUT_TEXT = /DEPRECATION|DESCRIPTION/;

/** The rule that a change of the API comes under by itself, before anybody is asked who uses it. */
export function ruleOfChange({ type, coordinate, level }: ApiChange, base: GraphQLSchema, next: GraphQLSchema): Rule {
  if (ABOUT_TEXT.test(type)) return 'G';
  if (type === 'SUBGRAPH_REMOVED') return 'F3';
  if (type === 'TYPE_REMOVED' && !isGiven(coordinate, base)) return 'C7';
  if (type === 'FIELD_TYPE_CHANGED' && becameNullable(coordinate, base, next)) return 'C2';
  if (ANSWERS.has(type)) return 'C3';
  if (type.includes('DEFAULT')) return 'C6';
  return level === 'breaking' ? 'A' : 'C7';
}

/** True when some field gives it or something behind which it can be, or takes it. */
function isGiven(name: string, schema: GraphQLSchema): boolean {
  const type = schema.getType(name);
  const asked = new Set([name]);
  for (const other of Object.values(schema.getTypeMap())) {
    if (isAbstractType(other) && isObjectType(type) && schema.isSubType(other, type)) asked.add(other.name);
  }
  return Object.values(schema.getTypeMap()).some((other) => {
    if (isInputObjectType(other))
      return Object.values(other.getFields()).some((field) => asked.has(getNamedType(field.type).name));
    if (!isObjectType(other) && !isInterfaceType(other)) return false;
    return Object.values(other.getFields()).some(
      (field) =>
        asked.has(getNamedType(field.type).name) || field.args.some((arg) => asked.has(getNamedType(arg.type).name)),
    );
  });
}

/** `Int!` becomes `Int`: the same apart from what can be null. */
function becameNullable(coordinate: string, base: GraphQLSchema, next: GraphQLSchema): boolean {
  const [from, to] = [base, next].map((schema) => fieldTypeOf(coordinate, schema)?.replaceAll('!', ''));
  return from !== undefined && from === to;
}

function fieldTypeOf(coordinate: string, schema: GraphQLSchema): string | undefined {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  return type.getFields()[fieldName]?.type.toString();
}
