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

const ANSWERS = new Set(['UNION_MEMBER_ADDED', 'OBJECT_TYPE_INTERFACE_ADDED']);
const ABOUT_TEXT = /DEPRECATION|DESCRIPTION/;

/** The rule that a change of the API comes under by itself, before anybody is asked who uses it. */
export function ruleOfChange({ type, coordinate, level }: ApiChange, base: GraphQLSchema, next: GraphQLSchema): Rule {
  if (ABOUT_TEXT.test(type)) return 'G';
  if (type === 'SUBGRAPH_REMOVED') return 'F3';
  if (type === 'TYPE_REMOVED' && !isGiven(coordinate, base)) return 'C7';
  if (type === 'FIELD_TYPE_CHANGED' && becameNullable(coordinate, base, next)) return 'C2';
  if (type.startsWith('ENUM_VALUE_')) return ruleOfValue(type, coordinate, base);
  if (ANSWERS.has(type)) return 'C3';
  if (type.includes('DEFAULT')) return 'C6';
  return level === 'breaking' ? 'A' : 'C7';
}

/** A value that comes matters to those who read it, one that goes to those who send it. */
function ruleOfValue(type: string, coordinate: string, base: GraphQLSchema): Rule {
  const [name = ''] = coordinate.split('.');
  if (type === 'ENUM_VALUE_ADDED') return isAnswered(name, base) ? 'C3' : 'C7';
  return type === 'ENUM_VALUE_REMOVED' && isSent(name, base) ? 'A' : 'C7';
}

function isAnswered(name: string, schema: GraphQLSchema): boolean {
  return fieldsOf(schema).some((field) => getNamedType(field.type).name === name);
}

function isSent(name: string, schema: GraphQLSchema): boolean {
  const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType);
  const taken = [
    ...inputs.flatMap((type) => Object.values(type.getFields())),
    ...fieldsOf(schema).flatMap(({ args }) => args),
  ];
  return taken.some(({ type }) => getNamedType(type).name === name);
}

function fieldsOf(schema: GraphQLSchema) {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  return types.flatMap((type) => (isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []));
}

/** True when some field gives it or something behind which it can be, or takes it. */
function isGiven(name: string, schema: GraphQLSchema): boolean {
  const type = schema.getType(name);
  const asked = new Set([name]);
  for (const other of Object.values(schema.getTypeMap())) {
    if (isAbstractType(other) && isObjectType(type) && schema.isSubType(other, type)) asked.add(other.name);
  }
  return [...asked].some((one) => isAnswered(one, schema) || isSent(one, schema));
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
