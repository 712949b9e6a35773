import {
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { type Conjunction, textOf, withDirectives } from './conditions.ts';
import { Undecided, Unsupported } from './unsupported.ts';

/** A selection set that counts under a condition. */
export interface ConditionalSet {
  readonly set: SelectionSetNode;
  readonly when: Conjunction;
}

/** A field of an answer, in the order in which the specification collects it. */
export interface CollectedField {
  readonly key: string;
  readonly name: string;
  readonly when: Conjunction;
  readonly sets: readonly ConditionalSet[];
}

export interface Selections {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Of the variables of conditions; undefined: for all values of them. */
  readonly decided: ((variable: string) => boolean) | undefined;
}

interface Occurrence {
  readonly name: string;
  readonly when: Conjunction;
  readonly set: SelectionSetNode | undefined;
}

/** CollectFields of the specification, for all values of the variables at once. */
export function collectFields(
  selections: Selections,
  type: GraphQLObjectType,
  sets: readonly ConditionalSet[],
): CollectedField[] {
  const found = new Map<string, Occurrence[]>();
  for (const { set, when } of sets) collect({ ...selections, type, found }, set, when);
  return [...found].map(([key, occurrences]) => toField(type, key, occurrences));
}

function toField(type: GraphQLObjectType, key: string, occurrences: readonly Occurrence[]): CollectedField {
  const [first] = occurrences as [Occurrence];
  const same = occurrences.every(({ when }) => textOf(when) === textOf(first.when));
  // otherwise the order of the fields would depend on the variables
  if (!same && first.when.length > 0) throw new Undecided(`${type.name}.${key} is selected under several conditions`);
  const sets = occurrences.flatMap(({ set, when }) => (set === undefined ? [] : [{ set, when: same ? [] : when }]));
  return { key, name: first.name, when: first.when, sets };
}

interface Collecting extends Selections {
  readonly type: GraphQLObjectType;
  readonly found: Map<string, Occurrence[]>;
}

function collect(collecting: Collecting, set: SelectionSetNode, outer: Conjunction): void {
  for (const selection of set.selections) {
    const when = withDirectives(outer, selection.directives, collecting.decided);
    if (when === undefined) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const occurrence = { name: selection.name.value, when, set: selection.selectionSet };
      const known = collecting.found.get(key);
      if (known === undefined) collecting.found.set(key, [occurrence]);
      else known.push(occurrence);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : collecting.fragments.get(selection.name.value);
    if (fragment === undefined) throw new Unsupported('a fragment is missing');
    if (applies(collecting, fragment.typeCondition?.name.value)) collect(collecting, fragment.selectionSet, when);
  }
}

function applies({ schema, type }: Collecting, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const abstract = schema.getType(condition);
  return isAbstractType(abstract) && schema.isSubType(abstract, type);
}
