import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

export interface NarrowContext {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Below the root too; else only the root's own fragments are written out. */
  readonly deep: boolean;
}

interface Here {
  readonly type: string;
  /** Types that an object can have here. */
  readonly members: readonly string[];
}

/**
 * The same selections without fragments that say nothing: those that always match are written out in place, in the order of
 * CollectFields, those that never match are gone, and those on several types become one for each type. Such selections are
 * longer, and simpler for a planner: @apollo/query-planner fails on some fragments on interfaces inside of others, and takes
 * the root fields of mutations out of their order.
 */
export function narrowFragments(set: SelectionSetNode, type: string, context: NarrowContext): SelectionSetNode {
  return narrow(set, { type, members: possibleTypes(type, context.schema) }, context);
}

function narrow(set: SelectionSetNode, here: Here, context: NarrowContext): SelectionSetNode {
  return { ...set, selections: set.selections.flatMap((selection) => narrowOne(selection, here, context)) };
}

function narrowOne(selection: SelectionNode, here: Here, context: NarrowContext): SelectionNode[] {
  if (selection.kind === Kind.FIELD) return [context.deep ? narrowField(selection, here, context) : selection];
  const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : context.fragments.get(selection.name.value);
  if (fragment === undefined) return [];
  const condition = fragment.typeCondition?.name.value ?? here.type;
  const matching = possibleTypes(condition, context.schema);
  const members = here.members.filter((name) => matching.includes(name));
  const { directives = [] } = selection;
  const inner = (at: Here): SelectionSetNode => narrow(fragment.selectionSet, at, context);
  const wrapped = (type: string | undefined, at: Here): SelectionNode[] => {
    const selectionSet = inner(at);
    if (selectionSet.selections.length === 0) return [];
    const typeCondition = type === undefined ? undefined : namedType(type);
    return [{ kind: Kind.INLINE_FRAGMENT, directives, selectionSet, ...(typeCondition && { typeCondition }) }];
  };
  if (members.length === 0) return [];
  if (members.length === here.members.length && hasFieldsOf(here.type, condition, context.schema)) {
    return directives.length === 0 ? [...inner(here).selections] : wrapped(undefined, here);
  }
  return members.flatMap((type) => wrapped(type, { type, members: [type] }));
}

function namedType(name: string) {
  return { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } } as const;
}

function narrowField(field: FieldNode, { type }: Here, context: NarrowContext): FieldNode {
  const declared = context.schema.getType(type);
  if (field.selectionSet === undefined || !(isObjectType(declared) || isInterfaceType(declared))) return field;
  const definition = declared.getFields()[field.name.value];
  if (definition === undefined) return field;
  return { ...field, selectionSet: narrowFragments(field.selectionSet, getNamedType(definition.type).name, context) };
}

/** What stands in a fragment on `condition` can stand in a selection of `type`. */
function hasFieldsOf(type: string, condition: string, schema: GraphQLSchema): boolean {
  const [own, wider] = [schema.getType(type), schema.getType(condition)];
  if (type === condition) return true;
  return isAbstractType(wider) && (isObjectType(own) || isInterfaceType(own)) && schema.isSubType(wider, own);
}

function possibleTypes(name: string, schema: GraphQLSchema): readonly string[] {
  const type = schema.getType(name);
  if (!isCompositeType(type)) return [];
  return isAbstractType(type) ? schema.getPossibleTypes(type).map((member) => member.name) : [type.name];
}
