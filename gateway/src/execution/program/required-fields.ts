import type { TypeRelations } from '../objects/type-relations.ts';
import type { DataRewrite, EntityGroup, RequiredSelection } from '../plan/steps.ts';
import { Unsupported } from './unsupported.ts';

/** A field of a representation. */
export interface RequiredField {
  /** Key in the data. */
  readonly name: string;
  /** Key in the representation. */
  readonly alias: string;
  /** Empty: a leaf. */
  readonly fields: readonly RequiredField[];
  /** Types that decide whether the field may be null; empty: nothing is known of it. */
  readonly types: readonly string[];
}

/** What is told of objects of one type. */
export interface RequiredOfType {
  readonly fields: readonly RequiredField[];
  /** `__typename` of the representation. */
  readonly asked: string;
  /** Several selections tell of it, each for itself: one that cannot be told leaves the others. */
  readonly several: boolean;
}

const CONDITION = '... on ';

/** Undefined: the group does not complete objects of this type. */
export function requiredOfType(group: EntityGroup, type: string, relations: TypeRelations): RequiredOfType | undefined {
  const selections = group.requires.filter(
    (one) => one.kind === 'Field' || one.typeCondition === undefined || relations.fits(type, one.typeCondition),
  );
  if (selections.length === 0) return undefined;
  const fields = fieldsOf(selections, type);
  if (!fields.some(({ alias }) => alias === '__typename')) throw new Unsupported('a requirement without __typename');
  return { fields, asked: askedType(group.inputRewrites, type, relations), several: selections.length > 1 };
}

function fieldsOf(selections: readonly RequiredSelection[], type: string | undefined): RequiredField[] {
  const fields = new Map<string, RequiredField>();
  const add = (field: RequiredField): void => {
    const known = fields.get(field.alias);
    fields.set(field.alias, known === undefined ? field : both(known, field));
  };
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') {
      for (const field of fieldsOf(selection.selections, selection.typeCondition ?? type)) add(field);
      continue;
    }
    const { name, alias = name, selections: below = [] } = selection;
    if (below.some(({ kind }) => kind === 'InlineFragment'))
      throw new Unsupported('a requirement asks for the type of a value');
    add({ name, alias, types: type === undefined ? [] : [type], fields: fieldsOf(below, undefined) });
  }
  return [...fields.values()];
}

/** Several fragments can ask parts of one field: the parts are one value, in the order in which they come first. */
function both(known: RequiredField, field: RequiredField): RequiredField {
  const isLeaf = known.fields.length === 0;
  if (known.name !== field.name || isLeaf !== (field.fields.length === 0)) {
    throw new Unsupported(`a requirement names ${field.alias} twice`);
  }
  const fields = new Map(known.fields.map((one) => [one.alias, one]));
  for (const one of field.fields) {
    const same = fields.get(one.alias);
    fields.set(one.alias, same === undefined ? one : both(same, one));
  }
  return { ...known, fields: [...fields.values()], types: [...known.types, ...field.types] };
}

/** `@interfaceObject`: the subgraph knows the objects by the name of the interface. */
function askedType(rewrites: readonly DataRewrite[], type: string, relations: TypeRelations): string {
  let asked = type;
  for (const rewrite of rewrites) {
    const conditions = rewrite.path.slice(0, -1);
    const plain = rewrite.kind === 'ValueSetter' && rewrite.path.at(-1) === '__typename';
    if (!plain || !conditions.every((key) => key.startsWith(CONDITION)) || typeof rewrite.setValueTo !== 'string') {
      throw new Unsupported('a representation is rewritten');
    }
    const before = asked;
    if (conditions.every((key) => relations.fits(before, key.slice(CONDITION.length)))) asked = rewrite.setValueTo;
  }
  return asked;
}
