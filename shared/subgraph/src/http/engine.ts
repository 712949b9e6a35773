import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Telemetry } from '@weft/telemetry';
import type { GraphQLSchema, OperationTypeNode } from 'graphql';
import { type CachePolicies, cacheControlHeader, createCachePolicies } from '../cache-policy/cache-policy.ts';
import type { SubgraphContext } from '../subgraph-context.ts';
import { createDocumentStore } from './document-store.ts';
import { createErrorMask } from './mask-errors.ts';

export interface EngineOptions {
  readonly schema: GraphQLSchema;
  readonly mode: 'development' | 'production';
  readonly telemetry: Telemetry;
}

export interface EngineRequest {
  /** Parsed JSON, not looked at yet. */
  readonly body: unknown;
  readonly accept: string | undefined;
}

/** Everything of an answer that HTTP sends, and the operation that was found in the document. */
export interface EngineAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly operationName: string | undefined;
  readonly operationType: OperationTypeNode | undefined;
}

export interface Engine<T> {
  execute(request: EngineRequest, context: SubgraphContext<T>): Promise<EngineAnswer>;
  stop(): Promise<void>;
}

/** What the plugin saw of a request. */
interface Seen {
  operationName?: string | undefined;
  operationType?: OperationTypeNode | undefined;
}

/** Apollo Server without its HTTP: parses, validates and executes, and keeps the documents it has seen. */
export async function createEngine<T>(options: EngineOptions): Promise<Engine<T>> {
  const seen = new WeakMap<HTTPGraphQLRequest, Seen>();
  const server = createServer<T>(options, seen);
  await server.start();
  return {
    async execute({ body, accept }, context) {
      const headers = new HeaderMap();
      headers.set('content-type', 'application/json');
      if (accept !== undefined) headers.set('accept', accept);
      const request: HTTPGraphQLRequest = { method: 'POST', headers, search: '', body };
      const answer = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: request,
        context: async () => context,
      });
      // Incremental delivery is not in any schema of ours, so an answer is always whole.
      if (answer.body.kind !== 'complete') throw new Error('Apollo Server gave an incremental answer.');
      const { operationName, operationType } = seen.get(request) ?? {};
      const { status = 200, body: text } = answer;
      return {
        ...{ status, operationName, operationType, body: text.string },
        headers: { 'cache-control': 'no-store', ...Object.fromEntries(answer.headers) },
      };
    },
    stop: () => server.stop(),
  };
}

function createServer<T>({ schema, mode, telemetry }: EngineOptions, seen: WeakMap<HTTPGraphQLRequest, Seen>) {
  const { log } = telemetry;
  return new ApolloServer<SubgraphContext<T>>({
    schema,
    nodeEnv: mode,
    introspection: mode === 'development',
    hideSchemaDetailsFromClientErrors: mode === 'production',
    includeStacktraceInErrorResponses: false,
    // Browsers never get here: requests without the signature of a gateway are refused before.
    csrfPrevention: false,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    documentStore: createDocumentStore(),
    // The default adds a line feed for people with curl.
    stringifyResult: (result) => JSON.stringify(result),
    formatError: createErrorMask(telemetry),
    logger: {
      debug: (message) => log.debug(String(message)),
      info: (message) => log.info(String(message)),
      warn: (message) => log.warn(String(message)),
      error: (message) => log.error(String(message)),
    },
    plugins: [
      answerPlugin(createCachePolicies(schema), seen),
      // It wraps every field resolver for ever: more than half of the CPU of a request. createCachePolicies does its work.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
  });
}

function answerPlugin<T>(
  policies: CachePolicies,
  seen: WeakMap<HTTPGraphQLRequest, Seen>,
): ApolloServerPlugin<SubgraphContext<T>> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ request, operation, operationName }) {
          if (request.http === undefined) return;
          seen.set(request.http, { operationName: operationName ?? undefined, operationType: operation?.operation });
        },
        async willSendResponse({ request, response, document, operation }) {
          const { body, http } = response;
          const isWhole = body.kind === 'single' && body.singleResult.errors === undefined;
          if (!isWhole || document === undefined || operation === undefined) return;
          const policy = policies.policyOf(document, operation, request.variables ?? {});
          http.headers.set('cache-control', cacheControlHeader(policy));
        },
      };
    },
  };
}
