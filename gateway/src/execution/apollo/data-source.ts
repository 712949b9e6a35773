import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { ERROR_CODES, GraphError, isGraphError, messageOf } from '@weft/errors';
import type { Log } from '@weft/telemetry';
import type { GraphQLSchema } from 'graphql';
import type { OperationContext } from '../../operation-context.ts';
import type { CallSubgraph } from '../../subgraph-call.ts';
import { type ResponseOptions, readSubgraphResponse, type SubgraphResponse } from '../subgraph-response.ts';
import { type FetchPlace, type PlacedError, pathsOfAbsent, placeErrors, placeFailure } from './client-paths.ts';
import type { Path } from './entity-places.ts';
import { usableEntities } from './usable-entities.ts';

/** What the fetches of one operation share; goes through @apollo/gateway as its context. */
export interface ApolloRun {
  readonly operation: OperationContext;
  /** Answers of root fetches, in the order they came; later answers are merged into these objects. */
  readonly roots: Record<string, unknown>[];
  /** @apollo/gateway makes errors of its own out of ours; this finds the client's path of each again. */
  readonly paths: WeakMap<Error, Path>;
  /** Client paths, as JSON, of fields of entities that are not there, say their subgraphs. */
  readonly absent: Set<string>;
}

/** Errors of one answer that the log shows. */
const MOST_LOGGED = 5;

export interface DataSourceOptions extends Omit<ResponseOptions, 'query'> {
  /** URL in the supergraph. */
  readonly address: string;
  readonly log: Log;
  /** What clients see; not there yet when a data source is made. */
  readonly schema: () => GraphQLSchema;
}

type Answer = Awaited<ReturnType<GraphQLDataSource['process']>>;

/** Our way to a subgraph, for the executor of @apollo/gateway. Never rejects: a failed fetch is an answer with errors. */
export function createDataSource(call: CallSubgraph, options: DataSourceOptions): GraphQLDataSource {
  return {
    async process(request: GraphQLDataSourceProcessOptions): Promise<Answer> {
      const run = runOf(request.context);
      const place = placeOf(request, run);
      try {
        const reply = await send(call, options, request, run);
        const response = readSubgraphResponse(reply, { ...options, query: place.query });
        const { representations } = place;
        const { data, errors } =
          representations === undefined ? response : usableEntities(response, representations, options);
        if (data !== null && place.fetchPath.length === 0) run.roots.push(data);
        for (const path of pathsOfAbsent(absentEntities({ data, errors }, place), place)) {
          run.absent.add(JSON.stringify(path));
        }
        logErrors(options, errors);
        return toAnswer(data, placeErrors(errors, place), options, run);
      } catch (error) {
        const failure = toGraphError(error);
        options.log.warn(
          { code: failure.code, path: place.fetchPath, ...failure.log, error: failure.cause },
          'A fetch failed.',
        );
        return toAnswer(null, placeFailure(failure, place), options, run);
      }
    },
  };
}

function send(
  call: CallSubgraph,
  { subgraph, address }: DataSourceOptions,
  request: GraphQLDataSourceProcessOptions,
  run: ApolloRun,
) {
  const { query = '', variables, operationName } = request.request;
  run.operation.signal.throwIfAborted();
  return call({
    subgraph,
    address,
    type: query.startsWith('mutation') ? 'mutation' : 'query',
    body: JSON.stringify({ query, variables, operationName }),
    path: pathOf(request).join('.'),
    context: run.operation,
  }).then((reply) => {
    run.operation.cacheHints.add(reply.cacheControl);
    return reply;
  });
}

/** Indexes of entities that are null, and no error says why. */
function absentEntities({ data, errors }: SubgraphResponse, { representations }: FetchPlace): number[] {
  const entities = representations === undefined ? undefined : data?._entities;
  if (!Array.isArray(entities)) return [];
  const told = new Set(errors.map(({ path }) => (path[0] === '_entities' ? path[1] : undefined)));
  return entities.flatMap((entity, index) => (entity === null && !told.has(index) ? [index] : []));
}

function toAnswer(
  data: Record<string, unknown> | null,
  placed: readonly PlacedError[],
  { subgraph }: DataSourceOptions,
  run: ApolloRun,
): Answer {
  if (placed.length === 0) return { data };
  const errors = placed.map(({ error, path }) => {
    const own = new GraphError(error.code, error.message, {
      extensions: error.extensions,
      log: { subgraph },
    });
    run.paths.set(own, path);
    return own;
  });
  // @apollo/gateway reads message, extensions and path; without a path it leaves the path to us
  return { data, errors: errors as unknown as NonNullable<Answer['errors']> };
}

function placeOf(request: GraphQLDataSourceProcessOptions, run: ApolloRun): FetchPlace {
  const { query = '', variables } = request.request;
  const representations = variables?.representations;
  return {
    query,
    fetchPath: pathOf(request),
    representations: Array.isArray(representations) ? representations : undefined,
    roots: run.roots,
  };
}

function pathOf(request: GraphQLDataSourceProcessOptions): Path {
  return 'pathInIncomingRequest' in request ? ((request.pathInIncomingRequest as Path | undefined) ?? []) : [];
}

function runOf(context: Record<string, unknown>): ApolloRun {
  return context as unknown as ApolloRun;
}

/** Errors that a subgraph told, whole, in one line. What only another request can cure is the client's affair. */
function logErrors({ log, subgraph }: DataSourceOptions, errors: SubgraphResponse['errors']): void {
  if (errors.length === 0) return;
  const sent = errors.slice(0, MOST_LOGGED).map(({ error }) => error.log.sent ?? error.log);
  const level = errors.every(({ error }) => ERROR_CODES[error.code].retry === 'changed') ? 'debug' : 'warn';
  log[level]({ subgraph, count: errors.length, sent }, 'A subgraph answered with errors.');
}

function toGraphError(error: unknown): GraphError {
  if (isGraphError(error)) return error;
  return new GraphError('INTERNAL_SERVER_ERROR', 'Internal server error', {
    log: { reason: messageOf(error) },
    cause: error,
  });
}
