import { isUtf8 } from 'node:buffer';
import { isGraphError } from '@weft/errors';
import { loadSupergraph } from '@weft/supergraph';
import { createTelemetry } from '@weft/telemetry';
import { type FieldNode, type GraphQLError, getVariableValues, parse } from 'graphql';
import { complete } from '../../src/execution/objects/complete.ts';
import { ErrorList } from '../../src/execution/objects/error-list.ts';
import type { Run, RunOptions } from '../../src/execution/objects/run.ts';
import { runSteps } from '../../src/execution/objects/run-steps.ts';
import { createTypeRelations } from '../../src/execution/objects/type-relations.ts';
import { namesInFieldSets } from '../../src/execution/plan/field-sets.ts';
import { createApolloPlanner } from '../../src/execution/planner/apollo-planner.ts';
import { createSubgraphTypes } from '../../src/execution/planner/subgraph-types.ts';
import { bytesOverTexts, type CallBytes } from '../../src/execution/program/call-bytes.ts';
import { compileProgram, type NoProgram, type Program } from '../../src/execution/program/program.ts';
import { replaying } from '../../src/execution/program/replay.ts';
import { runProgram } from '../../src/execution/program/run-program.ts';
import type { CompiledOperation } from '../../src/execution/weft/compiled-operation.ts';
import { type KnownOperationOptions, knownOperation } from '../../src/execution/weft/known-operation.ts';
import type { OperationContext } from '../../src/operation-context.ts';
import type { CallSubgraph } from '../../src/subgraph-call.ts';

const telemetry = createTelemetry({ service: 'program-test', logLevel: 'silent' });

export function contextOf(sdl: string): KnownOperationOptions {
  const { document, schema, supergraph } = loadSupergraph(sdl);
  const planner = createApolloPlanner(document);
  const whole = supergraph.schema.toGraphQLJSSchema();
  return {
    planner,
    schema,
    supergraph: whole,
    subgraphTypes: createSubgraphTypes(supergraph),
    relations: createTypeRelations(whole),
    addressOf: () => '',
    generateCode: true,
    names: { reserved: planner.reservedNames, inFieldSets: namesInFieldSets(document) },
  };
}

/** An operation that both executors can run. */
export interface BothWays {
  readonly context: KnownOperationOptions;
  readonly compiled: CompiledOperation;
  readonly program: Program | NoProgram;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly isTrue: (variable: string) => boolean;
}

/** Undefined: the schema does not take the variables. */
export function compileBothWays(
  text: string,
  context: KnownOperationOptions,
  variables: Readonly<Record<string, unknown>> = {},
): BothWays | undefined {
  const known = knownOperation(parse(text), undefined, context);
  const { coerced } = getVariableValues(context.schema, known.variableDefinitions, variables);
  if (coerced === undefined) return undefined;
  const isTrue = (variable: string): boolean => coerced[variable] === true;
  const compiled = known.compiled(isTrue);
  let program = compileProgram({ ...context, ...compiled });
  if ('unsupported' in program && program.undecided) {
    program = compileProgram({ ...context, ...compiled, decided: isTrue });
  }
  return { context, compiled, program, variables, isTrue };
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
