import { GraphError, isGraphError } from '@weft/errors';
import { loadSupergraph } from '@weft/supergraph';
import { ATTRIBUTES, SPANS, type Telemetry } from '@weft/telemetry';
import { type ExecutionResult, type FieldNode, GraphQLError, getVariableValues } from 'graphql';
import type { OperationContext } from '../../operation-context.ts';
import type { Engine, EngineOperation, EngineOptions } from '../engine.ts';
import { complete } from '../objects/complete.ts';
import type { Data } from '../objects/data.ts';
import { ErrorList } from '../objects/error-list.ts';
import type { Run, RunOptions } from '../objects/run.ts';
import { runSteps } from '../objects/run-steps.ts';
import { createTypeRelations } from '../objects/type-relations.ts';
import { namesInFieldSets } from '../plan/field-sets.ts';
import { createApolloPlanner } from '../planner/apollo-planner.ts';
import { createSubgraphTypes } from '../planner/subgraph-types.ts';
import { type KnownOperationOptions, knownOperation } from './known-operation.ts';
import { createOperationStore, type OperationStore } from './operation-store.ts';

/**
 * Our own engine: plans of @apollo/query-planner with their faults mended, made into as few requests as can be, run over
 * parsed objects.
 *
 * @throws GraphError SUPERGRAPH_INVALID
 */
export async function createWeftEngine(options: EngineOptions & { readonly telemetry: Telemetry }): Promise<Engine> {
  const { telemetry } = options;
  const context = createContext(options.supergraphSdl);
  const operations = createOperationStore(({ document, operationName }) =>
    knownOperation(document, operationName, context),
  );
  const runOptions: RunOptions = { ...options, relations: context.relations, log: telemetry.log };
  return {
    name: 'weft',
    schema: context.schema,
    async execute(operation, operationContext) {
      try {
        return await run(operations, operation, operationContext, { context, runOptions, telemetry });
      } catch (error) {
        if (!isGraphError(error)) throw error;
        return { errors: [toGraphQLError(error)] };
      }
    },
    async stop() {},
  };
}

function createContext(sdl: string): KnownOperationOptions {
  const { document, schema, supergraph, subgraphs } = loadSupergraph(sdl);
  const planner = createApolloPlanner(document);
  const addresses = new Map(subgraphs.map(({ name, url }) => [name, url]));
  const whole = supergraph.schema.toGraphQLJSSchema();
  return {
    planner,
    schema,
    supergraph: whole,
    subgraphTypes: createSubgraphTypes(supergraph),
    relations: createTypeRelations(whole),
    addressOf: (subgraph) => addresses.get(subgraph) ?? '',
    names: { reserved: planner.reservedNames, inFieldSets: namesInFieldSets(document) },
  };
}

interface Shared {
  readonly context: KnownOperationOptions;
  readonly runOptions: RunOptions;
  readonly telemetry: Telemetry;
}

async function run(
  operations: OperationStore,
  operation: EngineOperation,
  context: OperationContext,
  { context: { schema }, runOptions, telemetry }: Shared,
): Promise<ExecutionResult> {
  const { variables } = operation;
  const known = operations.get(operation);
  const { coerced, errors: refused } = getVariableValues(schema, known.variableDefinitions, variables);
  if (refused !== undefined) return { errors: refused };
  const isTrue = (variable: string): boolean => conditionValue(coerced[variable], variable);
  const attributes = { [ATTRIBUTES.cache]: known.has(isTrue) ? 'hit' : 'miss' };
  const compiled = await telemetry.span(SPANS.gatewayPlan, { attributes }, async () => known.compiled(isTrue));
  const shape = compiled.shapeFor(isTrue);
  const root: Data = {};
  const errors = new ErrorList();
  const running: Run = { root, errors, variables, isTrue, context };
  await runSteps(compiled.programs, running, runOptions);
  const introspect = (nodes: readonly FieldNode[]): unknown => compiled.introspect(nodes, variables);
  const data = complete(root, shape, { errors, introspect });
  return errors.isEmpty ? { data } : { data, errors: errors.toGraphQLErrors() };
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
