/** One server of bench/entities.ts, in a process of its own. */
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { DatabaseSession } from '@weft/database';
import { createIds } from '@weft/ids';
import {
  createRequestVerifier,
  createService,
  createUserTokens,
  createWriteTokens,
  documentLimits,
} from '@weft/service';
import { createTelemetry } from '@weft/telemetry';
import { buildSchema } from '../src/definition/build-schema.ts';
import { createEngine } from '../src/http/engine.ts';
import { createRequestHandler } from '../src/http/request-handler.ts';
import { SECRET } from './secret.ts';

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT
  enum CacheControlScope { PUBLIC PRIVATE }
  scalar Money
  type Product @key(fields: "id") @cacheControl(maxAge: 60) {
    id: ID! sku: String! name: String! description: String! price: Money! weight: Int! inStock: Boolean
  }
  type Query { product: Product }
`;
const schema = buildSchema<never>('products', SDL, {
  Product: {
    __resolveReference: ({ id }: { id: string }) => ({
      ...{ id, sku: `SKU-${id}`, name: `Product ${id}`, description: 'Good for many things.', inStock: true },
      ...{ price_minor: '1290', currency: 'EUR', weight_grams: 900 },
    }),
    price: (row: { price_minor: string; currency: string }) => ({
      amountMinor: row.price_minor,
      currency: row.currency,
    }),
    weight: (row: { weight_grams: number }) => row.weight_grams,
  },
});

async function startStandalone(disabled: boolean): Promise<string> {
  const plugins = disabled ? [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginInlineTraceDisabled()] : [];
  const server = new ApolloServer({ schema, plugins, logger: { debug() {}, info() {}, warn() {}, error() {} } });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return url;
}

async function startOurs(): Promise<string> {
  const telemetry = createTelemetry({ service: 'bench', logLevel: 'silent' });
  const handler = createRequestHandler<never>({
    ...{ subgraph: 'products', telemetry, limits: documentLimits.parse({}), maxBodyBytes: 2 ** 21 },
    engine: await createEngine({ schema, mode: 'production', telemetry }),
    // The resolvers above ask for no rows.
    database: { begin: () => Object.create(null) as DatabaseSession<never> },
    verifier: createRequestVerifier([SECRET], { audience: 'products' }),
    users: createUserTokens([SECRET]),
    writeTokens: createWriteTokens([SECRET]),
    ids: createIds(),
    requestTimeoutMs: 10_000,
  });
  const service = await createService({ name: 'bench', telemetry, host: '127.0.0.1', port: 0, handler });
  return `${service.url}/graphql`;
}

const variant = process.argv[2];
const url = variant === 'weft' ? await startOurs() : await startStandalone(variant === 'standalone-plugins-off');
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicroseconds: user + system });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url });
