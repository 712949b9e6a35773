import { buildSubgraphSchema } from '@apollo/subgraph';
import { createTelemetry } from '@weft/telemetry';
import { type DocumentNode, type ExecutionResult, type GraphQLSchema, graphql, parse, validate } from 'graphql';
import { createApolloEngine } from '../src/execution/apollo/engine.ts';
import type { Engine } from '../src/execution/engine.ts';
import { createWeftEngine } from '../src/execution/weft/engine.ts';
import type { SubgraphCall } from '../src/subgraph-call.ts';
import { compose } from './shop.ts';
import type { PeerDefinition } from './subgraph-peer.ts';

/** An answer that stands in for that of a subgraph; undefined: as the subgraph answers. */
export type Interfere = (call: SubgraphCall, answer: () => Promise<string>) => Promise<string> | undefined;

export interface LocalGraph {
  readonly sdl: string;
  readonly calls: SubgraphCall[];
  interfere: Interfere | undefined;
  readonly engines: Readonly<Record<EngineName, Engine>>;
  /** The answer as JSON has it. Throws when the operation is not valid. */
  ask(engine: EngineName, query: string, options?: AskOptions): Promise<ExecutionResult>;
  /** The same as it is written. */
  text(engine: EngineName, query: string, options?: AskOptions): Promise<string>;
}

export type EngineName = 'weft' | 'apollo';

export interface AskOptions {
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly signal?: AbortSignal;
}

/** Subgraphs in this process, without HTTP, under both engines. */
export async function localGraph(definitions: readonly PeerDefinition[]): Promise<LocalGraph> {
  const sdl = compose(definitions, Object.fromEntries(definitions.map(({ name }) => [name, `http://${name}/graphql`])));
  const schemas = new Map(
    definitions.map(({ name, typeDefs, resolvers }) => [
      name,
      buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: resolvers as never }]) as GraphQLSchema,
    ]),
  );
  return graphOver(sdl, (call) => answerOf(call, schemas));
}

/** Any supergraph, over anything that answers for its subgraphs. */
export async function graphOver(sdl: string, answer: (call: SubgraphCall) => Promise<string>): Promise<LocalGraph> {
  const calls: SubgraphCall[] = [];
  const telemetry = createTelemetry({ service: 'test', logLevel: 'silent' });
  const options = {
    supergraphSdl: sdl,
    telemetry,
    trustSubgraphErrors: true,
    errorExtensions: [],
    async call(call: SubgraphCall) {
      calls.push(call);
      const text = await (graph.interfere?.(call, () => answer(call)) ?? answer(call));
      return { status: 200, cacheControl: 'max-age=60', text };
    },
  };
  const engines = { weft: await createWeftEngine(options), apollo: await createApolloEngine(options) };
  const documents = new Map<string, DocumentNode>();
  const graph: LocalGraph = {
    sdl,
    calls,
    interfere: undefined,
    engines,
    async ask(name, query, options) {
      return JSON.parse(await graph.text(name, query, options)) as ExecutionResult;
    },
    async text(name, query, { variables = {}, operationName, signal = new AbortController().signal } = {}) {
      const engine = engines[name];
      const document = documents.get(query) ?? validated(query, engine.schema);
      documents.set(query, document);
      const result = await engine.execute(
        { document, hash: query, operationName, variables },
        {
          user: null,
          forwardedHeaders: {},
          signal,
          deadlineMs: performance.now() + 10_000,
          cacheHints: { add: () => undefined },
        },
      );
      return JSON.stringify(result);
    },
  };
  return graph;
}

function validated(query: string, schema: GraphQLSchema): DocumentNode {
  const document = parse(query);
  const [problem] = validate(schema, document);
  if (problem !== undefined) throw problem;
  return document;
}

async function answerOf({ subgraph, body }: SubgraphCall, schemas: ReadonlyMap<string, GraphQLSchema>) {
  const schema = schemas.get(subgraph);
  if (schema === undefined) throw new Error(`no subgraph ${subgraph}`);
  const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
  return JSON.stringify(
    await graphql({ schema, source: query, variableValues: variables, contextValue: { headers: {} } }),
  );
}
