import { type FieldNode, Kind, type SelectionNode } from 'graphql';
import { mapPlan } from '../map-plan.ts';
import type { EntityNode, FetchNode, QueryPlan } from '../query-plan.ts';
import { splitRequirements } from './split-requirements.ts';
import { type VirtualFields, withRealFields } from './virtual-fields.ts';

/** The plan with real fields where virtual ones stood, and with representations of their own for requirements that differ. */
export function withRealRequirements(plan: QueryPlan, virtual: VirtualFields): QueryPlan {
  if (plan.node === undefined || virtual.byName.size === 0) return plan;
  return { node: mapPlan(plan.node, { fetch: (fetch) => inFetch(fetch, virtual) }) };
}

function inFetch(fetch: FetchNode, virtual: VirtualFields): FetchNode {
  const { operation, entities } = fetch;
  const { selectionSet } = operation;
  if (entities === null) {
    return { ...fetch, operation: { ...operation, selectionSet: withRealFields(selectionSet, virtual.byName) } };
  }
  const groups: EntityNode[] = [];
  const selections: SelectionNode[] = [];
  for (const group of entities) {
    for (const [field, part] of split(group, selectionSet.selections, virtual)) {
      selections.push(field);
      groups.push(part);
    }
  }
  return { ...fetch, operation: { ...operation, selectionSet: { ...selectionSet, selections } }, entities: groups };
}

function split(
  group: EntityNode,
  selections: readonly SelectionNode[],
  virtual: VirtualFields,
): (readonly [FieldNode, EntityNode])[] {
  const field = selections.find(
    (one): one is FieldNode => one.kind === Kind.FIELD && (one.alias ?? one.name).value === group.responseKey,
  );
  if (field?.selectionSet === undefined) throw new Error(`a fetch without ${group.responseKey}`);
  const parts = splitRequirements({ selections: field.selectionSet, requires: group.requires }, virtual);
  return parts.map((part, index) => {
    const responseKey = index === 0 ? group.responseKey : `${group.responseKey}_${index}`;
    const alias = index === 0 ? field.alias : ({ kind: Kind.NAME, value: responseKey } as const);
    const selectionSet = withRealFields(part.selections, virtual.byName);
    return [
      { ...field, ...(alias !== undefined && { alias }), selectionSet },
      { ...group, responseKey, requires: part.requires },
    ];
  });
}
