import { type FieldNode, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';
import type { OperationPlan } from '../plan/operation-plan.ts';
import type { EntityGroup, Place, PlanStep } from '../plan/steps.ts';
import { FIRST_SLOT } from './tape.ts';
import { Unsupported } from './unsupported.ts';

/** A field of a record: where in the record its value is. */
export interface FieldSlot {
  readonly key: string;
  readonly offset: number;
  /** Of the objects in it; null: a leaf, which takes two ints. */
  readonly position: Position | null;
  /** False when objects of some types, or under some conditions, come without it. */
  readonly always: boolean;
  /** False: the step does not ask for it. It is looked at where it comes, and is no value of the answer. */
  readonly asked: boolean;
}

/** What another step brings for the same objects. */
export interface Link {
  readonly step: number;
  /** Index in the step's groups; 0 for root fields. */
  readonly group: number;
  readonly offset: number;
  readonly position: Position;
}

/** One place of a subgraph's answer where objects stand; all records of it have the same layout. */
export interface Position {
  readonly id: number;
  /** In the order asked for. */
  readonly fields: Map<string, FieldSlot>;
  readonly links: Link[];
  /** Offsets of everything behind the fields: what an indexer sets to MISSING. */
  readonly words: number[];
  /** Ints of a record. Grows while the program is compiled. */
  size: number;
}

/** Where the slots of fields end. */
export function fieldsEnd(position: Position): number {
  return position.words[0] ?? position.size;
}

/** One more int in each record of a position. */
export function addWord(position: Position): number {
  const offset = position.size;
  position.words.push(offset);
  position.size += 1;
  return offset;
}

/** The positions of an operation: of every step's answer, and how they are linked. */
export interface Layout {
  /** Holds nothing but links to the answers of steps that fetch root fields. */
  readonly root: Position;
  /** Of the whole answer to each step: its fields are `data` and `errors`. */
  readonly steps: readonly Position[];
  /** For each step and group, the positions at its places. */
  readonly places: readonly (readonly (readonly Position[])[])[];
  /** For each step, the steps that are over when it starts. */
  readonly before: readonly ReadonlySet<number>[];
  readonly count: () => number;
}

/** Where a value can be found: in the record itself, or in a linked one. */
export interface Provider {
  readonly link: Link | null;
  readonly field: FieldSlot;
}

export function layOut(plan: OperationPlan): Layout {
  const positions = createPositions();
  const root = positions.empty();
  const steps: Position[] = [];
  const places: Position[][][] = [];
  const before: Set<number>[] = [];
  for (const step of plan.steps) {
    if (step.renames.length > 0) throw new Unsupported(`step ${step.id} rewrites its answer`);
    before[step.id] = new Set(step.after.flatMap((id) => [id, ...(before[id] ?? [])]));
    if (step.place.length > 0) throw new Unsupported(`step ${step.id} puts root fields below the root`);
    const answer = positions.of([answerSet(operationOf(step), step)]);
    const data = answer.fields.get('data')?.position as Position;
    steps[step.id] = answer;
    if (step.groups === null) {
      addLink(root, { step: step.id, group: 0, position: data });
      places[step.id] = [];
      continue;
    }
    places[step.id] = step.groups.map((group, index) => linkGroup({ step, group, index, data, root, before }));
  }
  return { root, steps, places, before, count: positions.count };
}

interface GroupInStep {
  readonly step: PlanStep;
  readonly group: EntityGroup;
  readonly index: number;
  readonly data: Position;
  readonly root: Position;
  readonly before: readonly ReadonlySet<number>[];
}

function linkGroup({ step, group, index, data, root, before }: GroupInStep): Position[] {
  const entities = data.fields.get(group.responseKey)?.position;
  if (entities === undefined || entities === null) throw new Unsupported(`step ${step.id} has no entities`);
  const known = before[step.id] as ReadonlySet<number>;
  return group.places.map((place) => {
    const position = positionAt(root, place, known);
    const twice = position.links.some((link) => link.step === step.id && link.group === index);
    if (!twice) addLink(position, { step: step.id, group: index, position: entities });
    return position;
  });
}

function positionAt(root: Position, place: Place, known: ReadonlySet<number>): Position {
  let position = root;
  for (const key of place) {
    if (key === '@') continue;
    const [provider] = providersOf(position, key, known);
    if (provider?.field.position == null) throw new Unsupported(`nothing is known of ${place.join('.')}`);
    position = provider.field.position;
  }
  return position;
}

function addLink(position: Position, link: Omit<Link, 'offset'>): void {
  position.links.push({ ...link, offset: addWord(position) });
}

/** Everything that can hold a value; `known`: only what these steps bring. */
export function providersOf(position: Position, key: string, known?: ReadonlySet<number>): Provider[] {
  const own = position.fields.get(key);
  const providers: Provider[] = own?.asked === true ? [{ link: null, field: own }] : [];
  for (const link of position.links) {
    if (known !== undefined && !known.has(link.step)) continue;
    const field = link.position.fields.get(key);
    if (field?.asked === true) providers.push({ link, field });
  }
  return providers;
}

function operationOf(step: PlanStep): OperationDefinitionNode {
  const [definition, ...others] = parse(step.operation, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) {
    throw new Unsupported(`step ${step.id} sends fragments`);
  }
  return definition;
}

/** An answer as the selection of it that is of interest. */
function answerSet({ selectionSet }: OperationDefinitionNode, { groups }: PlanStep): SelectionSetNode {
  const entities = new Set(groups?.map(({ responseKey }) => responseKey));
  const selections = selectionSet.selections.map((selection) =>
    selection.kind === Kind.FIELD && entities.has((selection.alias ?? selection.name).value)
      ? { ...selection, selectionSet: withTypename(selection.selectionSet) }
      : selection,
  );
  const field = (name: string): FieldNode => ({ kind: Kind.FIELD, name: { kind: Kind.NAME, value: name } });
  return {
    kind: Kind.SELECTION_SET,
    selections: [
      { ...field('data'), selectionSet: { ...selectionSet, selections } },
      { ...field('errors'), directives: ERRORS_ARE_RARE },
    ],
  };
}

/** An entity that says, unasked, that it is of another type is none of those asked for. */
function withTypename(set: SelectionSetNode | undefined): SelectionSetNode {
  const typename: FieldNode = {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: '__typename' },
    directives: [{ kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: UNASKED } }],
  };
  return { kind: Kind.SELECTION_SET, selections: [typename, ...(set?.selections ?? [])] };
}

const ERRORS_ARE_RARE = [{ kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'include' } }] as const;
/** No directive has such a name. */
const UNASKED = 'not asked for';

interface FoundField {
  readonly sets: SelectionSetNode[];
  always: boolean;
  asked: boolean;
}

function createPositions() {
  let count = 0;
  const empty = (): Position => ({ id: count++, fields: new Map(), links: [], words: [], size: FIRST_SLOT });
  const of = (sets: readonly SelectionSetNode[]): Position => {
    const position = empty();
    const found = new Map<string, FoundField>();
    for (const set of sets) collect(set, true, found);
    for (const [key, { sets: below, always, asked }] of found) {
      const inner = below.length === 0 ? null : of(below);
      position.fields.set(key, { key, offset: position.size, position: inner, always, asked });
      position.size += inner === null ? 2 : 1;
    }
    return position;
  };
  return { empty, of, count: () => count };
}

function collect({ selections }: SelectionSetNode, always: boolean, found: Map<string, FoundField>): void {
  const conditions = selections.filter(({ kind }) => kind === Kind.INLINE_FRAGMENT).length;
  for (const selection of selections) {
    const here = always && (selection.directives ?? []).length === 0;
    if (selection.kind === Kind.FIELD) addField(selection, here, found);
    else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, here && conditions === 1, found);
  }
}

function addField(field: FieldNode, always: boolean, found: Map<string, FoundField>): void {
  const key = (field.alias ?? field.name).value;
  const known = found.get(key) ?? { sets: [], always: false, asked: false };
  if (field.selectionSet !== undefined) known.sets.push(field.selectionSet);
  known.always ||= always;
  known.asked ||= field.directives?.[0]?.name.value !== UNASKED;
  found.set(key, known);
}
