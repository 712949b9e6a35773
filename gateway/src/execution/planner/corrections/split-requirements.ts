import { type FieldNode, Kind, type SelectionNode, type SelectionSetNode } from 'graphql';
import type { RequiredSelection } from '../query-plan.ts';
import type { VirtualFields } from './virtual-fields.ts';

/** One `_entities` request, or a part of one. */
export interface EntityRequest {
  readonly selections: SelectionSetNode;
  readonly requires: readonly RequiredSelection[];
}

interface Part {
  /** Real field name -> the virtual field that stands for it in this part's representations. */
  readonly standIns: Map<string, string>;
  readonly fields: Set<FieldNode>;
}

/**
 * A representation can hold a field once, so fields whose requirements ask the same field with different arguments cannot
 * be asked with the same representation: they become requests side by side. The first part keeps all other fields.
 */
export function splitRequirements(request: EntityRequest, virtual: VirtualFields): readonly EntityRequest[] {
  if (virtual.byName.size === 0) return [request];
  const parts: Part[] = [];
  assign(request.selections, undefined, virtual, parts);
  if (parts.length === 0) return [request];
  return parts.map((part, index) => {
    const others = new Set(parts.flatMap(({ fields }) => (fields === part.fields ? [] : [...fields])));
    const keep = (field: FieldNode): boolean => (index === 0 ? !others.has(field) : part.fields.has(field));
    return {
      selections: filterFields(request.selections, keep),
      requires: realNames(request.requires, new Set(part.standIns.values()), virtual),
    };
  });
}

function assign(set: SelectionSetNode, type: string | undefined, virtual: VirtualFields, parts: Part[]): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      assign(selection.selectionSet, selection.typeCondition?.name.value ?? type, virtual, parts);
    }
    if (selection.kind !== Kind.FIELD || type === undefined) continue;
    const required = virtual.requiredBy.get(`${type}.${selection.name.value}`);
    if (required === undefined) continue;
    let part = parts.find(({ standIns }) => [...required].every((name) => fits(standIns, name, virtual)));
    if (part === undefined) {
      part = { standIns: new Map(), fields: new Set() };
      parts.push(part);
    }
    part.fields.add(selection);
    for (const name of required) part.standIns.set(realName(name, virtual), name);
  }
}

function fits(standIns: ReadonlyMap<string, string>, name: string, virtual: VirtualFields): boolean {
  const used = standIns.get(realName(name, virtual));
  return used === undefined || used === name;
}

function realName(name: string, { byName }: VirtualFields): string {
  return byName.get(name)?.field ?? name;
}

function filterFields(set: SelectionSetNode, keep: (field: FieldNode) => boolean): SelectionSetNode {
  const selections = set.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return keep(selection) ? [selection] : [];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
    const selectionSet = filterFields(selection.selectionSet, keep);
    return selectionSet.selections.length === 0 ? [] : [{ ...selection, selectionSet }];
  });
  return { ...set, selections };
}

function realNames(
  requires: readonly RequiredSelection[],
  kept: ReadonlySet<string>,
  virtual: VirtualFields,
): RequiredSelection[] {
  return requires.flatMap((selection): RequiredSelection[] => {
    if (selection.kind === 'InlineFragment') {
      return [{ ...selection, selections: realNames(selection.selections, kept, virtual) }];
    }
    const stands = virtual.byName.get(selection.name);
    if (stands !== undefined && !kept.has(selection.name)) return [];
    const selections = selection.selections && realNames(selection.selections, kept, virtual);
    return [{ ...selection, ...(stands && { alias: stands.field }), ...(selections !== undefined && { selections }) }];
  });
}
