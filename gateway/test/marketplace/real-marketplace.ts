import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalGraph, startLocal } from '@weft/local';
import { loadSupergraph } from '@weft/supergraph';
import { freePort } from '@weft/testing';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { createGateway, type Gateway, type GatewayConfigInput, toGatewayConfig } from '../../src/index.ts';
import type { Operation } from '../oracle/draw-operation.ts';

type EngineName = NonNullable<GatewayConfigInput['engine']>;

/** The marketplace on its own subgraphs and Postgres, behind a gateway of each engine. */
export interface RealMarketplace {
  readonly schema: GraphQLSchema;
  /** As the demo user ada. */
  ask(engine: EngineName, operation: Operation): Promise<ExecutionResult>;
  stop(): Promise<void>;
}

export async function startMarketplace(): Promise<RealMarketplace> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-marketplace-'));
  const graph = await startLocal({ directory, scale: 0.02, port: await freePort() });
  const supergraph = join(directory, 'supergraph.graphql');
  const gateways = { weft: await open('weft', graph, supergraph), apollo: await open('apollo', graph, supergraph) };
  const token = await graph.token('ada');
  return {
    schema: loadSupergraph(await readFile(supergraph, 'utf8')).schema,
    async ask(engine, { text, variables }) {
      const response = await fetch(gateways[engine].url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: text, variables }),
      });
      return (await response.json()) as ExecutionResult;
    },
    async stop() {
      await Promise.all(Object.values(gateways).map((gateway) => gateway.stop()));
      await graph.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function open(engine: EngineName, { accepted, subgraphUrls }: LocalGraph, file: string): Promise<Gateway> {
  const directory = join(file, '..');
  const secrets = JSON.parse(await readFile(join(directory, 'secrets', 'requests.json'), 'utf8')) as string[];
  if (Object.keys(subgraphUrls).length === 0 || accepted === undefined) throw new Error('the graph serves nobody');
  const { jwksFile, issuer, audience } = accepted;
  return await createGateway(
    toGatewayConfig({
      engine,
      secrets,
      supergraph: { file },
      http: { port: 0 },
      authentication: { jwksFile, issuer, audience },
      // every answer is to be made by the engine
      responseCache: { enabled: false },
      telemetry: { logLevel: 'silent' },
    }),
  );
}
