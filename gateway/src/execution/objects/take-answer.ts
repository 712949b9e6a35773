import type { GraphError } from '@weft/errors';
import { isRecord, malformed, type SubgraphResponse } from '../subgraph-response.ts';
import { keepAsked } from './asked-tree.ts';
import { ABSENT, type Data, FAILED, isData } from './data.ts';
import type { EntityBatch } from './entity-batch.ts';
import { failFields, fillFields, markFailure } from './failures.ts';
import { mergeData } from './merge-data.ts';
import { applyRewrites, renamePath } from './rewrites.ts';
import type { Run, RunOptions } from './run.ts';
import type { GroupProgram, StepProgram } from './step-program.ts';
import { pathOf, type Target } from './targets.ts';

/** What a step was sent for. */
export interface Work {
  readonly program: StepProgram;
  /** Of a step of root fields. */
  readonly targets: readonly Target[];
  /** For each group, in order. */
  readonly batches: readonly EntityBatch[];
}

/** No answer that can be used: every field that the step should have brought fails. */
export function takeFailure(error: GraphError, work: Work, run: Run): void {
  failFields(error, work.targets, work.program.asked, run.errors);
  for (const [index, { asked }] of work.program.groups.entries()) {
    failFields(error, work.batches[index]?.targets.flat() ?? [], asked, run.errors);
  }
}

/** Merges an answer into the data. */
export function takeAnswer(response: SubgraphResponse, work: Work, run: Run, options: RunOptions): void {
  const { program } = work;
  const data = response.data as Data | null;
  if (data !== null) {
    for (const { path } of response.errors) markFailure(data, path);
    keepAskedOfAnswer(data, program);
    applyRewrites(data, program.step.renames, options.relations);
  }
  const told = tellErrors(response, work, run);
  if (program.step.groups === null) takeRoots(data, work, options);
  for (const [index, group] of program.groups.entries()) {
    const batch = work.batches[index];
    if (batch === undefined || batch.representations.length === 0) continue;
    takeEntities(data?.[group.group.responseKey], { group, batch, program, told }, run, options);
  }
}

/** What an entity says of its type is looked at before it goes, asked for or not. */
function keepAskedOfAnswer(data: Data, { step, askedTree }: StepProgram): void {
  if (step.groups === null) keepAsked(data, askedTree());
  for (const { responseKey } of step.groups ?? []) {
    const asked = askedTree().get(responseKey);
    const entities = data[responseKey];
    if (asked === undefined || !Array.isArray(entities)) continue;
    for (const entity of entities) {
      if (!isData(entity)) continue;
      const { __typename: type } = entity;
      keepAsked(entity, asked);
      if (type !== undefined) entity.__typename = type;
    }
  }
}

function takeRoots(data: Data | null, { targets, program }: Work, { relations }: RunOptions): void {
  if (data === null) return void fillFields(FAILED, targets, program.asked);
  for (const { object } of targets) mergeData(object, data, relations, targets.length > 1);
}

/** Each error at the client's path; one that names no field is of everything the step asks. Gives the keys that had errors. */
function tellErrors(response: SubgraphResponse, work: Work, run: Run): ReadonlySet<unknown> {
  const { step } = work.program;
  const told = new Set<unknown>();
  for (const { error, path } of response.errors) {
    const [key, index, ...rest] = renamePath(path, step.renames);
    told.add(key);
    if (step.groups === null) {
      if (key === undefined) failFields(error, work.targets, work.program.asked, run.errors);
      else
        for (const target of work.targets)
          run.errors.add(error, [...pathOf(target), ...renamePath(path, step.renames)]);
      continue;
    }
    const at = step.groups.findIndex(({ responseKey }) => responseKey === key);
    const targets = typeof index === 'number' ? work.batches[at]?.targets[index] : undefined;
    if (targets !== undefined) for (const target of targets) run.errors.add(error, [...pathOf(target), ...rest]);
    else tellWhole(error, at === -1 ? work.program.groups : work.program.groups.slice(at, at + 1), work, run);
  }
  return told;
}

function tellWhole(error: GraphError, groups: readonly GroupProgram[], work: Work, run: Run): void {
  for (const group of groups) {
    const batch = work.batches[work.program.groups.indexOf(group)];
    for (const target of batch?.targets.flat() ?? []) {
      for (const field of group.asked(target.object.__typename)) run.errors.add(error, [...pathOf(target), field]);
    }
  }
}

interface Taking {
  readonly group: GroupProgram;
  readonly batch: EntityBatch;
  readonly program: StepProgram;
  readonly told: ReadonlySet<unknown>;
}

/** Entities come in the order of the representations; a list that does not fit them says nothing about any of them. */
function takeEntities(entities: unknown, taking: Taking, run: Run, options: RunOptions): void {
  const { group, batch, program, told } = taking;
  const { subgraph } = program.step;
  const all = batch.targets.flat();
  const nothing = entities === undefined || entities === null || entities === FAILED;
  if (nothing && (told.has(group.group.responseKey) || told.has(undefined)))
    return void fillFields(FAILED, all, group.asked);
  if (!Array.isArray(entities)) {
    return void failFields(malformed({ subgraph }, '_entities is not a list'), all, group.asked, run.errors);
  }
  if (entities.length !== batch.targets.length) {
    const reason = `${entities.length} entities for ${batch.targets.length} representations`;
    return void failFields(malformed({ subgraph }, reason), all, group.asked, run.errors);
  }
  for (const [index, entity] of entities.entries()) {
    takeEntity(entity, batch.targets[index] ?? [], { ...taking, asked: batch.types[index] }, run, options);
  }
}

function takeEntity(
  entity: unknown,
  targets: readonly Target[],
  { group, program, asked }: Taking & { readonly asked: unknown },
  run: Run,
  { relations }: RunOptions,
): void {
  const { subgraph } = program.step;
  if (entity === null) return void fillFields(ABSENT, targets, group.asked);
  if (entity === FAILED) return void fillFields(FAILED, targets, group.asked);
  if (!isRecord(entity)) {
    return void failFields(malformed({ subgraph }, 'an entity is not an object'), targets, group.asked, run.errors);
  }
  const { __typename: type } = entity;
  if (type !== undefined && !isUsableType(type, asked, relations.fits)) {
    const error = malformed({ subgraph }, 'an entity has another type');
    for (const target of targets) run.errors.add(error, pathOf(target));
    return void fillFields(FAILED, targets, group.asked);
  }
  if (program.askedTree().get(group.group.responseKey)?.has('__typename') !== true) delete entity.__typename;
  for (const { object } of targets) mergeData(object, entity, relations, targets.length > 1);
}

function isUsableType(type: unknown, asked: unknown, fits: RunOptions['relations']['fits']): boolean {
  return typeof type === 'string' && typeof asked === 'string' && fits(type, asked);
}
