import { ApolloGateway } from '@apollo/gateway';
import { GraphError, isGraphError } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Engine, EngineOperation, EngineOptions } from '../engine.ts';
import { entityNotFound } from '../subgraph-response.ts';
import { type ApolloRun, createDataSource } from './data-source.ts';
import { createPlanStore, observePlanner } from './plans.ts';
import { withoutTakenVariable } from './representations-variable.ts';
import { stayHome } from './stay-home.ts';

type GatewayRequest = Parameters<ApolloGateway['executor']>[0];
type GatewayLogger = NonNullable<GatewayRequest['logger']>;

/** The stock engine: planning and execution of @apollo/gateway, over our way to the subgraphs. Also the oracle of later engines. */
export async function createApolloEngine(options: EngineOptions & { readonly telemetry: Telemetry }): Promise<Engine> {
  const { telemetry, call, trustSubgraphErrors, errorExtensions } = options;
  stayHome();
  const logger = quietLogger(telemetry);
  const gateway = new ApolloGateway({
    supergraphSdl: options.supergraphSdl,
    logger,
    // whoever loads a generation has validated it
    validateSupergraph: false,
    // by default it shows plans to whoever asks by a header, unless NODE_ENV says production
    __exposeQueryPlanExperimental: false,
    queryPlannerConfig: { cache: createPlanStore(telemetry) },
    buildService: ({ name, url: address = '' }) =>
      createDataSource(call, {
        subgraph: name,
        address,
        trustSubgraphErrors,
        errorExtensions,
        log: telemetry.log,
        schema: () => schema,
      }),
  });
  const { schema } = await gateway.load();
  const planner = gateway.__testing().queryPlanner;
  if (planner !== undefined) observePlanner(planner as unknown as Parameters<typeof observePlanner>[0], telemetry);
  return {
    name: 'apollo',
    schema,
    async execute(operation, context) {
      const run: ApolloRun = { operation: context, roots: [], paths: new WeakMap(), absent: new Set() };
      const result = await gateway.executor(toGatewayRequest(withoutTakenVariable(operation), run, { schema, logger }));
      return toResult(result, run);
    },
    stop: () => gateway.stop(),
  };
}

/** @apollo/gateway wants the request context of @apollo/server; these are the parts of it that it reads. */
function toGatewayRequest(
  operation: EngineOperation,
  run: ApolloRun,
  shared: { readonly schema: Engine['schema']; readonly logger: GatewayLogger },
): GatewayRequest {
  const { document, hash, operationName, variables } = operation;
  return {
    ...shared,
    request: { operationName, variables },
    document,
    queryHash: hash,
    operationName: operationName ?? null,
    context: run,
    metrics: {},
  } as unknown as GatewayRequest;
}

function toResult(result: Awaited<ReturnType<ApolloGateway['executor']>>, run: ApolloRun): ExecutionResult {
  const { data, errors } = result;
  const completed = completionErrors(result.extensions, run);
  const all = [
    ...(errors ?? []).map((error) => toClientError(error as GraphQLError, data === undefined, run)),
    ...completed,
  ];
  const answer: { data?: ExecutionResult['data']; errors?: readonly GraphQLError[] } = {};
  if (data !== undefined) answer.data = data as ExecutionResult['data'];
  if (all.length > 0) answer.errors = all;
  return answer as ExecutionResult;
}

/** Its errors wrap ours; what is neither ours nor about the client's variables means that a subgraph broke the protocol. */
function toClientError(error: GraphQLError, withoutData: boolean, run: ApolloRun): GraphQLError {
  const own = error.originalError;
  if (isGraphError(own)) {
    const path = run.paths.get(own);
    return clientError(own, path);
  }
  const aboutVariables = error.nodes !== undefined && error.nodes.length > 0;
  return withoutData && own !== undefined && !aboutVariables ? unusable(error.message, error, undefined) : error;
}

/**
 * Values that do not fit the schema are null in the answer; @apollo/gateway tells so in an extension, with no error.
 * A null without an error would be a lie, so they become errors.
 */
function completionErrors(extensions: unknown, { absent }: ApolloRun): GraphQLError[] {
  const found =
    (extensions as { readonly valueCompletion?: readonly GraphQLError[] } | undefined)?.valueCompletion ?? [];
  return found.map((error) =>
    absent.has(JSON.stringify(error.path))
      ? clientError(entityNotFound(), error.path)
      : unusable(error.message, error, error.path, error.message),
  );
}

function unusable(reason: string, cause: unknown, path: GraphQLError['path'], message?: string): GraphQLError {
  const original = new GraphError(
    'SUBREQUEST_MALFORMED_RESPONSE',
    message ?? 'A subgraph sent an answer that cannot be used.',
    {
      log: { reason },
      cause,
    },
  );
  return clientError(original, path);
}

function clientError(own: GraphError, path: GraphQLError['path']): GraphQLError {
  return new GraphQLError(own.message, { path: path ?? null, originalError: own, extensions: own.extensions });
}

/** Its info lines repeat what we log about a generation. */
function quietLogger({ log }: Telemetry): GatewayLogger {
  const text = (level: 'debug' | 'warn' | 'error') => (message?: unknown) => log[level](String(message));
  return { debug: () => undefined, info: () => undefined, warn: text('warn'), error: text('error') };
}
