import { type GraphQLSchema, isInterfaceType, isNonNullType, isObjectType } from 'graphql';
import type { RequiredSelection } from '../plan/steps.ts';
import { ABSENT, type Data, FAILED, isData } from './data.ts';
import type { TypeRelations } from './type-relations.ts';

/** What a subgraph is to know of an object, or why it cannot be told. */
export type Represented =
  | { readonly kind: 'representation'; readonly value: Data }
  /** The object is of a type that the group does not complete. */
  | { readonly kind: 'other-type' }
  /** Something that is needed is not there: FAILED, ABSENT, or undefined when a subgraph left it out. */
  | { readonly kind: 'missing'; readonly because: typeof FAILED | typeof ABSENT | undefined };

export type Represent = (object: Data) => Represented;

interface Building {
  readonly relations: TypeRelations;
  /** Fields that may not be null, as `Type.field`, in the whole supergraph. */
  readonly isNonNull: (type: string, field: string) => boolean;
}

/**
 * A null that a subgraph gave is told where the field may be null: the requirement is met. Where it may not, the object itself
 * is null for the client and nothing has to be fetched for it.
 */
export function representer(
  requires: readonly RequiredSelection[],
  supergraph: GraphQLSchema,
  relations: TypeRelations,
): Represent {
  const building: Building = { relations, isNonNull: (type, field) => isNonNullField(supergraph, type, field) };
  return (object) => {
    const value: Data = {};
    let missing: Missing | undefined;
    let built = false;
    for (const selection of requires) {
      if (!applies(selection, object, relations)) continue;
      const problem = fill(value, [selection], object, building);
      if (problem === undefined) built = true;
      else missing = problem;
    }
    if (built && typeof value.__typename === 'string') return { kind: 'representation', value };
    if (missing === undefined) return { kind: 'other-type' };
    const { because } = missing;
    return { kind: 'missing', because: because === FAILED || because === ABSENT ? because : undefined };
  };
}

function applies(selection: RequiredSelection, { __typename: type }: Data, relations: TypeRelations): boolean {
  if (selection.kind === 'Field' || selection.typeCondition === undefined) return true;
  return typeof type === 'string' && relations.fits(type, selection.typeCondition);
}

function fill(
  into: Data,
  selections: readonly RequiredSelection[],
  from: Data,
  building: Building,
  type = typeof from.__typename === 'string' ? from.__typename : '',
): Missing | undefined {
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') {
      if (!applies(selection, from, building.relations)) continue;
      const problem = fill(into, selection.selections, from, building, selection.typeCondition ?? type);
      if (problem !== undefined) return problem;
      continue;
    }
    const { name, alias = name, selections: inner } = selection;
    const value = from[name];
    if (isUnknown(value) || (value === null && building.isNonNull(type, name))) return new Missing(value);
    const built = inner === undefined || inner.length === 0 ? value : nested(value, inner, building);
    if (isProblem(built)) return built;
    into[alias] = both(into[alias], built);
  }
  return undefined;
}

/** Several fragments can ask parts of one field. */
function both(known: unknown, built: unknown): unknown {
  if (Array.isArray(known) && Array.isArray(built)) return built.map((item, index) => both(known[index], item));
  if (!isData(known) || !isData(built)) return built;
  const merged: Data = { ...known };
  for (const key of Object.keys(built)) merged[key] = both(known[key], built[key]);
  return merged;
}

/** A field that failed is not null to the subgraph: what it would make of a null would be made of nothing. */
function isUnknown(value: unknown): boolean {
  return value === undefined || typeof value === 'symbol';
}

function nested(value: unknown, selections: readonly RequiredSelection[], building: Building): unknown {
  if (value === null) return null;
  if (isUnknown(value)) return new Missing(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (const item of value) {
      const built = nested(item, selections, building);
      if (isProblem(built)) return built;
      list.push(built);
    }
    return list;
  }
  if (!isData(value)) return new Missing(undefined);
  const built: Data = {};
  return fill(built, selections, value, building) ?? built;
}

class Missing {
  readonly because: unknown;
  constructor(because: unknown) {
    this.because = because;
  }
}

function isProblem(value: unknown): value is Missing {
  return value instanceof Missing;
}

function isNonNullField(supergraph: GraphQLSchema, typeName: string, field: string): boolean {
  const type = supergraph.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return false;
  const definition = type.getFields()[field];
  return definition !== undefined && isNonNullType(definition.type);
}
