import { GraphError, isGraphError } from '@weft/errors';
import { ATTRIBUTES, SPANS, type Telemetry } from '@weft/telemetry';
import { type ExecutionResult, type FieldNode, GraphQLError, getVariableValues } from 'graphql';
import type { OperationContext } from '../../operation-context.ts';
import type { CallSubgraph } from '../../subgraph-call.ts';
import type { OperationAnswer } from '../../written-answer.ts';
import type { Engine, EngineOperation, EngineOptions } from '../engine.ts';
import { complete } from '../objects/complete.ts';
import type { Data } from '../objects/data.ts';
import { ErrorList } from '../objects/error-list.ts';
import type { Run, RunOptions } from '../objects/run.ts';
import { runSteps } from '../objects/run-steps.ts';
import { dropUnasked } from '../objects/unasked-errors.ts';
import type { WaitBounds } from '../planning/shared-wait.ts';
import { answerBytes } from '../program/answer-bytes.ts';
import { bytesOverTexts } from '../program/call-bytes.ts';
import type { Program } from '../program/program.ts';
import type { CompiledOperation } from './compiled-operation.ts';
import { createEngineContext, type PlanningOptions } from './engine-context.ts';
import { type KnownOperation, type KnownOperationOptions, knownOperation } from './known-operation.ts';
import { createOperationStore } from './operation-store.ts';
import { warmUp } from './warm-up.ts';

export interface WeftEngineOptions extends EngineOptions {
  readonly telemetry: Telemetry;
  /** False: no code is generated, operations run over objects alone. */
  readonly generateCode?: boolean;
  readonly planning?: PlanningOptions;
}

/**
 * Our own engine: plans of a planner (`planners.ts`) with their faults mended, made into as few requests as can be. They run as
 * generated code over the bytes of subgraph answers when all goes well and nobody reads the data, else over parsed objects.
 *
 * @throws GraphError SUPERGRAPH_INVALID
 */
export async function createWeftEngine(options: WeftEngineOptions): Promise<Engine> {
  const { telemetry, call, callBytes = bytesOverTexts(call) } = options;
  const context = await createEngineContext(options.supergraphSdl, { ...options, log: telemetry.log });
  const { schema, relations } = context;
  const operations = createOperationStore(({ document, operationName }) =>
    knownOperation(document, operationName, context),
  );
  const runOptions: RunOptions = { ...options, relations, log: telemetry.log };

  const begin = async (operation: EngineOperation, bounds: WaitBounds): Promise<Begun | ExecutionResult> => {
    const { variables } = operation;
    const known = operations.get(operation);
    const isTrue = conditionsIn(known, variables, context);
    if ('errors' in isTrue) return isTrue;
    return { compiled: await compiledBy(known, isTrue, { bounds, telemetry }), variables, isTrue };
  };
  const overObjects = async (begun: Begun, operationContext: OperationContext, way: CallSubgraph) => {
    const { compiled, variables, isTrue } = begun;
    const errors = new ErrorList();
    const root: Data = {};
    const running: Run = { root, errors, variables, isTrue, context: operationContext };
    await runSteps(compiled.programs, running, way === call ? runOptions : { ...runOptions, call: way });
    const introspect = (nodes: readonly FieldNode[]): unknown => compiled.introspect(nodes, variables);
    const shape = compiled.shapeFor(isTrue);
    const data = complete(root, shape, { errors, introspect });
    if (!errors.isEmpty) dropUnasked(errors, { root, shape, steps: compiled.plan.steps });
    return errors.isEmpty ? { data } : { data, errors: errors.toGraphQLErrors() };
  };
  const overBytes = async (program: Program, begun: Begun, operationContext: OperationContext) => {
    const { variables, isTrue } = begun;
    const run = { variables, isTrue, context: operationContext, call: callBytes, callTexts: call };
    return await answerBytes(program, run, (way) => overObjects(begun, operationContext, way));
  };

  return {
    name: 'weft',
    schema,
    execute: (operation, operationContext) =>
      telling(async () => {
        const begun = await begin(operation, operationContext);
        return 'compiled' in begun ? await overObjects(begun, operationContext, call) : begun;
      }),
    answer: (operation, operationContext) =>
      telling<OperationAnswer>(async () => {
        const begun = await begin(operation, operationContext);
        if (!('compiled' in begun)) return begun;
        const program = begun.compiled.programFor(begun.isTrue);
        return program === undefined
          ? await overObjects(begun, operationContext, call)
          : await overBytes(program, begun, operationContext);
      }),
    used: (most) => operations.used(most).map(({ operation, known }) => ({ operation, conditions: known.known() })),
    warm: (used, bounds) => warmUp(used, bounds, { operations, schema }),
    stop: () => context.planning.stop(),
  };
}

type IsTrue = (variable: string) => boolean;

interface Begun {
  readonly compiled: CompiledOperation;
  readonly variables: EngineOperation['variables'];
  readonly isTrue: IsTrue;
}

/** What is expected to go wrong is in the answer. */
async function telling<T>(work: () => Promise<T>): Promise<T | ExecutionResult> {
  try {
    return await work();
  } catch (error) {
    if (!isGraphError(error)) throw error;
    return { errors: [toGraphQLError(error)] };
  }
}

const NEVER: IsTrue = () => false;

/** The values of the variables in conditions; or what is wrong with any variable. */
function conditionsIn(
  { variableDefinitions, arePlain }: KnownOperation,
  variables: EngineOperation['variables'],
  { schema }: KnownOperationOptions,
): IsTrue | { readonly errors: readonly GraphQLError[] } {
  if (variableDefinitions.length === 0) return NEVER;
  if (arePlain(variables)) return (variable) => variables[variable] === true;
  const { coerced, errors } = getVariableValues(schema, variableDefinitions, variables);
  if (errors !== undefined) return { errors };
  return (variable) => conditionValue(coerced[variable], variable);
}

function compiledBy(
  known: KnownOperation,
  isTrue: IsTrue,
  { bounds, telemetry }: { readonly bounds: WaitBounds; readonly telemetry: Telemetry },
): CompiledOperation | Promise<CompiledOperation> {
  if (!telemetry.exporting) return known.compiled(isTrue, bounds);
  const attributes = { [ATTRIBUTES.cache]: known.has(isTrue) ? 'hit' : 'miss' };
  return telemetry.span(SPANS.gatewayPlan, { attributes }, async () => known.compiled(isTrue, bounds));
}

/** A condition takes `Boolean!`, but a variable with a default may still be sent as null. Undefined: of another operation. */
function conditionValue(value: unknown, variable: string): boolean {
  if (value === null)
    throw new GraphError('BAD_USER_INPUT', `Variable "$${variable}" of a condition must not be null.`);
  return value === true;
}

function toGraphQLError(error: GraphError): GraphQLError {
  return new GraphQLError(error.message, { originalError: error, extensions: error.extensions });
}
