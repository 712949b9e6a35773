import { hash } from 'node:crypto';
import { ApolloServer, type ApolloServerPlugin, type GraphQLRequest, type GraphQLRequestContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ERROR_CODES, GraphError, isErrorCode } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';
import type { ExecutionResult, FormattedExecutionResult, GraphQLSchema } from 'graphql';
import type { GraphqlAnswer, GraphqlRequest } from '../graphql-request.ts';
import type { OperationContext } from '../operation-context.ts';
import { isWritten, type OperationAnswer } from '../written-answer.ts';
import { refuseIntrospection } from './introspection-rule.ts';
import { createKnownOperations, type HostedOperation, type KnownOperations } from './known-operations.ts';
import { createErrorMask, type ErrorMask } from './mask-errors.ts';
import type { OperationHost } from './operation-stage.ts';
import type { Executor } from './validated-operation.ts';

export interface ApolloHostOptions {
  readonly id: string;
  readonly executor: Executor;
  readonly mode: 'development' | 'production';
  readonly telemetry: Telemetry;
}

interface HostContext {
  readonly operation: OperationContext;
  readonly method: GraphqlRequest['method'];
  /** Gives or throws what a known operation has come to already. */
  readonly result: (() => ExecutionResult) | undefined;
  /** Filled while the operation runs. */
  readonly found: { operation: GraphqlAnswer['operation'] };
}

/**
 * @apollo/server as the host of one supergraph: it parses, validates and calls the executor, and plugins of its ecosystem
 * would fit in. HTTP is ours, so it is asked by `executeOperation` and never sees a request or writes an answer.
 *
 * An operation that it has let through once goes to the executor without it; what comes back with errors is still its to tell.
 */
export async function createApolloHost(options: ApolloHostOptions): Promise<OperationHost & { stop(): Promise<void> }> {
  const { executor, telemetry, mode } = options;
  const errors = createErrorMask(telemetry);
  const known = createKnownOperations();
  const server = new ApolloServer<HostContext>({
    gateway: asGateway(executor, known),
    nodeEnv: mode,
    // whether the schema is shown is our question, and so are the words
    introspection: true,
    validationRules: mode === 'development' ? [] : [refuseIntrospection],
    hideSchemaDetailsFromClientErrors: mode === 'production',
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    apollo: {},
    formatError: errors.mask,
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => telemetry.log.warn(String(message)),
      error: (message) => telemetry.log.error(String(message)),
    },
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      refuseOperationsPlugin(),
    ],
  });
  await server.start();
  return {
    id: options.id,
    stop: () => server.stop(),
    async answer(request, operation) {
      const found = known.find(request);
      let result: HostContext['result'];
      if (found !== undefined && (request.method === 'POST' || found.operation.type === 'query')) {
        const answer = await executed(executor, { request, found, operation });
        if ('body' in answer) return answer;
        result = answer.result;
      }
      const contextValue: HostContext = { operation, method: request.method, result, found: { operation: undefined } };
      const { body } = await server.executeOperation(toApolloRequest(request), { contextValue });
      if (body.kind !== 'single') throw new Error('incremental delivery is not served');
      return toAnswer(body.singleResult, contextValue, errors);
    },
  };
}

interface KnownRequest {
  readonly request: GraphqlRequest;
  readonly found: HostedOperation;
  readonly operation: OperationContext;
}

/** A whole answer without errors is as @apollo/server would give it; for any other, what it is to be made of. */
async function executed(
  executor: Executor,
  { request, found, operation }: KnownRequest,
): Promise<GraphqlAnswer | { readonly result: () => ExecutionResult }> {
  const { document, hash: queryHash } = found;
  const { operationName, variables = {} } = request;
  let result: OperationAnswer;
  try {
    result = await executor.execute({ document, hash: queryHash, operationName, variables, unread: true }, operation);
  } catch (error) {
    return {
      result() {
        throw error;
      },
    };
  }
  if (isWritten(result)) return { ...WHOLE, body: result.bytes, release: result.release, operation: found.operation };
  const { data, errors, extensions } = result;
  const isWhole = data !== undefined && data !== null && errors === undefined && extensions === undefined;
  if (!isWhole) return { result: () => result };
  return { ...WHOLE, body: JSON.stringify({ data }), operation: found.operation };
}

const WHOLE = { status: 200, documentError: false, headers: {}, complete: true } as const;

/** @apollo/server takes schema and executor from something that looks like @apollo/gateway. */
function asGateway(executor: Executor, known: KnownOperations) {
  const { schema } = executor;
  type Listener = (loaded: { readonly apiSchema: GraphQLSchema; readonly coreSupergraphSdl: string }) => void;
  let loaded: Listener | undefined;
  return {
    onSchemaLoadOrUpdate(listener: Listener) {
      loaded = listener;
      return () => undefined;
    },
    async load() {
      loaded?.({ apiSchema: schema, coreSupergraphSdl: '' });
      return {
        schema,
        executor: async (context: unknown) => {
          const { document, queryHash, source, request, context: host } = context as GatewayContext;
          if (host.result !== undefined) return host.result();
          const { operationName, variables = {} } = request;
          const { operation } = host.found;
          if (operation !== undefined) known.learn(source, operationName, { document, hash: queryHash, operation });
          const result = await executor.execute(
            { document, hash: queryHash, operationName, variables },
            host.operation,
          );
          if (isWritten(result)) throw new Error('data that is read came as text');
          return result;
        },
      };
    },
    async stop() {},
  };
}

interface GatewayContext {
  readonly document: NonNullable<GraphQLRequestContext<HostContext>['document']>;
  readonly queryHash: string;
  readonly source: string;
  readonly request: { readonly operationName?: string; readonly variables?: Record<string, unknown> };
  readonly context: HostContext;
}

/** Operations that cannot be run are told so before anything executes; @apollo/server would answer 500 to some of them. */
function refuseOperationsPlugin(): ApolloServerPlugin<HostContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation, request, contextValue }) {
          if (operation === undefined) throw unresolved(request);
          const type = operation.operation;
          contextValue.found.operation = { name: operation.name?.value, type };
          if (type === 'subscription') throw new GraphError('BAD_REQUEST', 'Subscriptions are not served here.');
          if (contextValue.method === 'GET' && type !== 'query') {
            throw new GraphError('METHOD_NOT_ALLOWED', 'GET runs queries only; send a mutation by POST.');
          }
        },
      };
    },
  };
}

function unresolved({ operationName }: GraphQLRequest): GraphError {
  const name = operationName ?? '';
  return new GraphError(
    'OPERATION_RESOLUTION_FAILURE',
    name === '' ? 'The document has several operations: name one.' : 'The document has no operation of this name.',
  );
}

function toApolloRequest(request: GraphqlRequest): GraphQLRequest {
  const { query, operationName, variables, extensions } = request;
  return {
    ...(query !== undefined && { query }),
    ...(operationName !== undefined && { operationName }),
    ...(variables !== undefined && { variables }),
    ...(extensions !== undefined && { extensions }),
  };
}

const DOCUMENT_ERRORS: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'INTROSPECTION_DISABLED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

function toAnswer(result: FormattedExecutionResult, context: HostContext, mask: ErrorMask): GraphqlAnswer {
  const { data, errors, extensions } = result;
  const hasErrors = errors !== undefined && errors.length > 0;
  const code = errors?.[0]?.extensions?.code;
  const answered = data !== undefined;
  return {
    status: answered ? 200 : isErrorCode(code) ? ERROR_CODES[code].status : 500,
    documentError: !answered && DOCUMENT_ERRORS.has(code),
    body: JSON.stringify({
      ...(hasErrors && { errors }),
      ...(answered && { data }),
      ...(extensions !== undefined && { extensions }),
    }),
    headers: code === 'METHOD_NOT_ALLOWED' && !answered ? { allow: 'POST' } : {},
    operation: context.found.operation,
    errors: errors?.map(mask.toAnswered),
    complete: answered && data !== null && !hasErrors,
  };
}

export function supergraphId(sdl: string): string {
  return hash('sha256', sdl, 'base64url').slice(0, 16);
}
