import {
  type FieldNode,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { placesOf } from '../problem.ts';
import type { OperationFinding } from '../verdict/operation-problem.ts';
import type { KnownOperation } from './operations.ts';

type Field = GraphQLField<unknown, unknown>;
type Finding = Pick<OperationFinding, 'code' | 'rule' | 'message' | 'lenient'>;

/** What a client of an operation that is valid before and after would notice in the answers. */
export function selectionChanges(
  operation: KnownOperation,
  base: GraphQLSchema,
  next: GraphQLSchema,
): OperationFinding[] {
  const before = fieldsOf(operation, base);
  const after = fieldsOf(operation, next);
  return [...before].flatMap(([node, { coordinate, field }]) => {
    const now = after.get(node)?.field;
    if (now === undefined) return [];
    const findings = [
      typeChange(field.type, now.type),
      nullability(field.type, now.type),
      ...newValues(getNamedType(field.type).name, base, next),
      ...defaultChanges(node, field, now),
    ];
    return findings
      .filter((finding) => finding !== undefined)
      .map((finding) => ({
        ...finding,
        message: `${coordinate} ${finding.message}`,
        coordinates: [coordinate],
        places: placesOf([node]),
      }));
  });
}

function fieldsOf(operation: KnownOperation, schema: GraphQLSchema) {
  const info = new TypeInfo(schema);
  const fields = new Map<FieldNode, { coordinate: string; field: Field }>();
  const Field = (node: FieldNode) => {
    const field = info.getFieldDef();
    const parent = info.getParentType();
    if (field && parent) fields.set(node, { coordinate: `${parent.name}.${field.name}`, field });
  };
  visit(operation.document, visitWithTypeInfo(info, { Field }));
  return fields;
}

/** The JSON that a leaf is written as. Nothing is known of a custom scalar, so each is a kind of its own. */
const JSON_KINDS: Readonly<Record<string, string>> = { Int: 'number', Float: 'number', String: 'string', ID: 'string' };

function jsonShape(type: GraphQLOutputType): string {
  const plain = getNullableType(type);
  if (isListType(plain)) return `[${jsonShape(plain.ofType)}]`;
  if (isEnumType(plain)) return 'string';
  return isLeafType(plain) ? (JSON_KINDS[plain.name] ?? plain.name) : 'object';
}

function typeChange(before: GraphQLOutputType, after: GraphQLOutputType): Finding | undefined {
  const [from, to] = [jsonShape(before), jsonShape(after)];
  const message = `changes from ${before} to ${after}`;
  if (from !== to) return { code: 'RESULT_TYPE_CHANGES', rule: 'C1', message: `${message}.` };
  const [name, nextName] = [getNamedType(before).name, getNamedType(after).name];
  if (name === nextName || from.includes('object')) return undefined;
  return { code: 'RESULT_TYPE_CHANGES', rule: 'C1', lenient: true, message: `${message}; the JSON is the same.` };
}

function nullability(before: GraphQLOutputType, after: GraphQLOutputType): Finding | undefined {
  if (jsonShape(before) !== jsonShape(after) || !becomesNullable(before, after)) return undefined;
  return {
    code: 'RESULT_BECOMES_NULLABLE',
    rule: 'C2',
    message: `can be null now: ${before} becomes ${after}.`,
  };
}

function becomesNullable(before: GraphQLOutputType, after: GraphQLOutputType): boolean {
  if (isNonNullType(before) && !isNonNullType(after)) return true;
  const [was, is] = [getNullableType(before), getNullableType(after)];
  return isListType(was) && isListType(is) && becomesNullable(was.ofType, is.ofType);
}

/** Enum values, union members and implementers that an answer can hold now and a client may not know. */
function newValues(name: string, base: GraphQLSchema, next: GraphQLSchema): Finding[] {
  const known = new Set(valuesOf(name, base));
  if (known.size === 0) return [];
  const added = valuesOf(name, next).filter((value) => !known.has(value));
  if (added.length === 0) return [];
  return [{ code: 'RESULT_GAINS_VALUES', rule: 'C3', message: `can be ${added.join(', ')} now.` }];
}

function valuesOf(name: string, schema: GraphQLSchema): string[] {
  const type = schema.getType(name);
  if (isEnumType(type)) return type.getValues().map((value) => value.name);
  return isAbstractType(type) ? schema.getPossibleTypes(type).map((possible) => possible.name) : [];
}

function defaultChanges(node: FieldNode, before: Field, after: Field): Finding[] {
  const given = new Set(node.arguments?.map((argument) => argument.name.value));
  return before.args.flatMap((argument) => {
    const same = after.args.find((other) => other.name === argument.name);
    if (same === undefined || given.has(argument.name)) return [];
    const [from, to] = [JSON.stringify(argument.defaultValue), JSON.stringify(same.defaultValue)];
    if (from === to) return [];
    const message = `is asked without ${argument.name}, whose default changes from ${from ?? 'none'} to ${to ?? 'none'}.`;
    return [{ code: 'DEFAULT_CHANGES', rule: 'C6' as const, message }];
  });
}
