import { type GraphQLSchema, isInterfaceType, isNonNullType, isObjectType } from 'graphql';
import type { StepProgram } from '../objects/step-program.ts';
import type { TypeRelations } from '../objects/type-relations.ts';
import type { OperationPlan } from '../plan/operation-plan.ts';
import type { Arena } from './arena.ts';
import { type Conditions, createConditions } from './conditions.ts';
import type { EntityBatch } from './entity-batch.ts';
import { createExpectedSize, type ExpectedSize } from './expected-size.ts';
import { generateIndexer } from './index-answer.ts';
import type { IndexRecord } from './index-record.ts';
import { type Layout, layOut, type Position } from './layout.ts';
import type { GroupLink } from './link.ts';
import { generateObject } from './project.ts';
import { leafChecks, type Projecting } from './projecting.ts';
import { generateGroup } from './request-body.ts';
import { canGenerateCode, compileSource } from './runtime.ts';
import { createSourceText, type SourceText } from './source-text.ts';
import { Undecided, Unsupported } from './unsupported.ts';

/** A step, ready to run over bytes. */
export interface ByteStep {
  readonly program: StepProgram;
  /** The request's text up to the values of its variables. */
  readonly head: Buffer;
  readonly groups: readonly ByteGroup[];
  /** Indexes an answer's text, whose fields are `data` and `errors`. */
  readonly index: IndexRecord;
  /** Where `data` and `errors` are in an answer's record. */
  readonly data: number;
  readonly errors: number;
  /** Of a step of root fields: where the root is told of its data; else -1. */
  readonly rootLink: number;
  /** Steps that wait for this one. */
  readonly next: readonly number[];
}

export interface ByteGroup {
  /** `"representations":[` */
  readonly opening: Buffer;
  /** Writes the representations of its objects to the output. */
  readonly collect: (arena: Arena) => EntityBatch;
  readonly link: GroupLink;
}

/** An operation as generated code over bytes. It answers what needs no thought; `run-program.ts` tells what becomes of the rest. */
export interface Program {
  readonly steps: readonly ByteStep[];
  /** For each step, how many others must be over before it. */
  readonly waitsFor: Uint16Array;
  readonly conditions: Conditions;
  /** Ints of the root record. */
  readonly rootSize: number;
  /** Writes the client's data; false: it cannot be written by copying alone. */
  readonly write: (arena: Arena, root: number) => boolean;
  readonly size: ExpectedSize;
  /** The generated code, to be read. */
  readonly source: string;
}

export interface ProgramOptions {
  readonly plan: OperationPlan;
  /** Of the plan, in order. */
  readonly programs: readonly StepProgram[];
  /** What clients see. */
  readonly schema: GraphQLSchema;
  /** With all that clients do not see. */
  readonly supergraph: GraphQLSchema;
  readonly relations: TypeRelations;
  /** Values of the variables in conditions, for a program that serves only them. Undefined: it serves all. */
  readonly decided?: (variable: string) => boolean;
}

/** Why an operation has to be left to the object executor. */
export interface NoProgram {
  readonly unsupported: string;
  /** There may be a program for each set of values of its conditions (`decided`). */
  readonly undecided: boolean;
}

export function compileProgram(options: ProgramOptions): Program | NoProgram {
  try {
    return compile(options);
  } catch (error) {
    if (error instanceof Unsupported) return { unsupported: error.message, undecided: error instanceof Undecided };
    throw error;
  }
}

const CAN_GENERATE_CODE = canGenerateCode();

interface StepNames {
  readonly collect: readonly string[];
  readonly links: readonly GroupLink[];
}

function compile(options: ProgramOptions): Program {
  if (!CAN_GENERATE_CODE) throw new Unsupported('this process may not generate code');
  const { plan, programs, schema } = options;
  const layout = layOut(plan);
  const source = createSourceText();
  const conditions = createConditions();
  const abstractNames = abstractNamesOf(options.supergraph);
  const typesAt = new Map<object, Set<string>>();
  const rootType = schema.getRootType(plan.operation.operation);
  if (rootType == null) throw new Unsupported(`no type of a ${plan.operation.operation}`);
  const projecting: Projecting = {
    schema,
    source,
    conditions,
    abstractNames,
    typesAt,
    fragments: plan.fragments,
    decided: options.decided,
    groupOf: (step, group) => plan.steps[step]?.groups?.[group],
    check: leafChecks(source),
    object: (position, type, sets) => generateObject(projecting, position, type, sets),
  };
  const write = generateObject(projecting, layout.root, rootType, [{ set: plan.operation.selectionSet, when: [] }]);
  const context = {
    ...options,
    source,
    layout,
    abstractNames,
    membersOf: membersOf(options.supergraph, options.relations),
    groupOf: projecting.groupOf,
    typesAt: (position: object) => typesAt.get(position) ?? [],
    isNonNull: (type: string, field: string) => isNonNullField(options.supergraph, type, field),
  };
  const names: StepNames[] = plan.steps.map((step) => {
    const groups = (step.groups ?? []).map((_, index) => generateGroup(context, step, index));
    return { collect: groups.map(({ collect }) => collect), links: groups.map(({ link }) => link) };
  });
  const indexers = layout.steps.map((position) => generateIndexer(source, position));
  const compiled = compileSource(source, { write, collect: names.map(({ collect }) => collect), indexers });
  return {
    conditions,
    rootSize: layout.root.size,
    write: compiled.write,
    source: sourceToRead(source),
    steps: programs.map((program, id) => byteStep(program, id, { compiled, names, layout, next: programs })),
    waitsFor: Uint16Array.from(plan.steps, ({ after }) => after.length),
    size: createExpectedSize(),
  };
}

function byteStep(
  program: StepProgram,
  id: number,
  made: {
    readonly compiled: ReturnType<typeof compileSource>;
    readonly names: readonly StepNames[];
    readonly layout: Layout;
    readonly next: readonly StepProgram[];
  },
): ByteStep {
  const { compiled, names, layout } = made;
  const answer = layout.steps[id] as Position;
  return {
    program,
    data: answer.fields.get('data')?.offset ?? -1,
    errors: answer.fields.get('errors')?.offset ?? -1,
    next: made.next.flatMap(({ step }) => (step.after.includes(id) ? [step.id] : [])),
    head: Buffer.from(program.head),
    index: compiled.indexers[id] as IndexRecord,
    rootLink: layout.root.links.find(({ step }) => step === id)?.offset ?? -1,
    groups: (program.step.groups ?? []).map((group, index) => ({
      opening: Buffer.from(`${JSON.stringify(group.representations)}:[`),
      collect: compiled.collect[id]?.[index] as ByteGroup['collect'],
      link: names[id]?.links[index] as GroupLink,
    })),
  };
}

function sourceToRead(source: SourceText): string {
  const texts = [...source.constants].flatMap(([name, value]) =>
    Buffer.isBuffer(value) ? [`// ${name} = ${value.toString()}`] : [],
  );
  return `${texts.join('\n')}\n${source.text()}\n`;
}

function abstractNamesOf(supergraph: GraphQLSchema): ReadonlySet<string> {
  const names = Object.values(supergraph.getTypeMap()).filter((type) => 'getTypes' in type || isInterfaceType(type));
  return new Set(names.map(({ name }) => name));
}

/** Object types that fit a type. */
function membersOf(supergraph: GraphQLSchema, relations: TypeRelations): (type: string) => readonly string[] {
  const objects = Object.values(supergraph.getTypeMap()).filter(isObjectType);
  return (type) => objects.map(({ name }) => name).filter((name) => relations.fits(name, type));
}

function isNonNullField(supergraph: GraphQLSchema, typeName: string, field: string): boolean {
  const type = supergraph.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return false;
  const definition = type.getFields()[field];
  return definition !== undefined && isNonNullType(definition.type);
}
