import { isUtf8 } from 'node:buffer';
import { isGraphError } from '@weft/errors';
import { loadSupergraph } from '@weft/supergraph';
import { createTelemetry } from '@weft/telemetry';
import { type FieldNode, type GraphQLError, getVariableValues, Kind, parse, print } from 'graphql';
import { complete } from '../../src/execution/objects/complete.ts';
import { ErrorList } from '../../src/execution/objects/error-list.ts';
import type { Run, RunOptions } from '../../src/execution/objects/run.ts';
import { runSteps } from '../../src/execution/objects/run-steps.ts';
import { createTypeRelations } from '../../src/execution/objects/type-relations.ts';
import { namesInFieldSets } from '../../src/execution/plan/field-sets.ts';
import { type Plannable, type PlannerNames, toPlannable } from '../../src/execution/plan/plannable.ts';
import { reservedNames } from '../../src/execution/planner/planners.ts';
import { createPlanRequest, type PlanRequestNow } from '../../src/execution/planning/plan-request.ts';
import { bytesOverTexts } from '../../src/execution/program/call-bytes.ts';
import { compileProgram, type NoProgram, type Program } from '../../src/execution/program/program.ts';
import { replaying } from '../../src/execution/program/replay.ts';
import { runProgram } from '../../src/execution/program/run-program.ts';
import type { CompileContext } from '../../src/execution/weft/compile-context.ts';
import { type CompiledOperation, compileOperation } from '../../src/execution/weft/compiled-operation.ts';
import { conditionsOf } from '../../src/execution/weft/conditions.ts';
import type { OperationContext } from '../../src/operation-context.ts';
import type { CallBytes, CallSubgraph } from '../../src/subgraph-call.ts';

const telemetry = createTelemetry({ service: 'program-test', logLevel: 'silent' });

export interface BothContext extends CompileContext {
  readonly names: PlannerNames;
  readonly plan: PlanRequestNow;
}

export function contextOf(sdl: string): BothContext {
  const { document, schema, supergraph } = loadSupergraph(sdl);
  const whole = supergraph.schema.toGraphQLJSSchema();
  return {
    plan: createPlanRequest({ supergraphSdl: sdl, planner: 'apollo' }),
    schema,
    supergraph: whole,
    relations: createTypeRelations(whole),
    addressOf: () => '',
    generateCode: true,
    names: { reserved: reservedNames('apollo', document), inFieldSets: namesInFieldSets(document) },
  };
}

/** An operation that both executors can run. */
export interface BothWays {
  readonly context: BothContext;
  readonly compiled: CompiledOperation;
  readonly program: Program | NoProgram;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly isTrue: (variable: string) => boolean;
}

/** Undefined: the schema does not take the variables. */
export function compileBothWays(
  text: string,
  context: BothContext,
  variables: Readonly<Record<string, unknown>> = {},
): BothWays | undefined {
  const document = parse(text);
  const [{ variableDefinitions = [] } = {}] = document.definitions.filter(
    (one) => one.kind === Kind.OPERATION_DEFINITION,
  );
  const { coerced } = getVariableValues(context.schema, variableDefinitions, variables);
  if (coerced === undefined) return undefined;
  const isTrue = (variable: string): boolean => coerced[variable] === true;
  const plannable = toPlannable(document, undefined, context.names);
  const compiled = compileOperation(plannable, stepsOf(plannable, isTrue, context), context);
  let program = compileProgram({ ...context, ...compiled });
  if ('unsupported' in program && program.undecided) {
    program = compileProgram({ ...context, ...compiled, decided: isTrue });
  }
  return { context, compiled, program, variables, isTrue };
}

function stepsOf(plannable: Plannable, isTrue: (variable: string) => boolean, { plan }: BothContext) {
  const { variables } = conditionsOf([plannable.document]);
  const decided = variables.map((variable) => [variable, isTrue(variable)] as const);
  const text = print(plannable.document);
  const forAll = plannable.operation.operation !== 'mutation' || variables.length === 0;
  const steps = (forAll ? plan({ text, decided: undefined }) : undefined) ?? plan({ text, decided });
  if (steps === undefined) throw new Error('no plan fits');
  return steps;
}

/** `how`: who wrote the answer of the program's run. */
export interface Answered {
  readonly text: string;
  readonly how: 'bytes' | 'objects' | 'unsupported';
}

export interface RunOfBoth extends BothWays {
  readonly call: CallSubgraph;
  /** Undefined: `call`, over bytes. */
  readonly callBytes?: CallBytes;
  readonly operation: OperationContext;
}

/** The whole answer as the object executor gives it, in the text that a client gets. */
export async function answerByObjects(both: RunOfBoth): Promise<string> {
  const { compiled, variables, isTrue, call, operation: context } = both;
  const errors = new ErrorList();
  const run: Run = { root: {}, errors, variables, isTrue, context };
  const options: RunOptions = {
    call,
    relations: both.context.relations,
    log: telemetry.log,
    trustSubgraphErrors: true,
    errorExtensions: [],
  };
  await runSteps(compiled.programs, run, options);
  const introspect = (nodes: readonly FieldNode[]): unknown => compiled.introspect(nodes, variables);
  const data = complete(run.root, compiled.shapeFor(isTrue), { errors, introspect });
  if (errors.isEmpty) return JSON.stringify({ data });
  // steps that wait for nothing of each other tell their errors in the order in which their answers come
  const told = errors.toGraphQLErrors().map((error) => JSON.stringify(toText(error)));
  return `{"data":${JSON.stringify(data)},"errors":[${told.sort().join()}]}`;
}

function toText({ message, path, extensions, originalError }: GraphQLError): unknown {
  return { message, path, extensions, code: isGraphError(originalError) ? originalError.code : undefined };
}

export async function answerByProgram(both: RunOfBoth): Promise<Answered> {
  const { program, variables, isTrue, call, callBytes = bytesOverTexts(call), operation: context } = both;
  if ('unsupported' in program) return { text: await answerByObjects(both), how: 'unsupported' };
  const outcome = await runProgram(program, { variables, isTrue, context, call: callBytes });
  if (outcome.kind === 'left') {
    return { text: await answerByObjects({ ...both, call: replaying(call, outcome.sent) }), how: 'objects' };
  }
  if (!isUtf8(outcome.bytes)) throw new Error('an answer that is not UTF-8');
  const text = outcome.bytes.toString();
  outcome.release();
  return { text, how: 'bytes' };
}

export function createOperationContext(): OperationContext {
  return {
    user: null,
    forwardedHeaders: {},
    signal: new AbortController().signal,
    deadlineMs: performance.now() + 20_000,
    cacheHints: { add: () => undefined },
  };
}

/** Subgraphs as they are over the wire: what UTF-8 cannot say (half a surrogate pair) does not come through. */
export function overTheWire(call: CallSubgraph): CallSubgraph {
  return async (request) => {
    const reply = await call(request);
    return { ...reply, text: reply.text.toWellFormed() };
  };
}

/** The same values in one spelling: strings as JSON.stringify has them. Digits and the order of fields stay. */
export function respelt(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, (text) => JSON.stringify(JSON.parse(text)));
}
