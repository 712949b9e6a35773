import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { environment } from '@weft/config';

/** @apollo/server and @apollo/gateway as their documentation sets them up; the client's authorization goes on to subgraphs. */
interface Context {
  readonly authorization: string | undefined;
}

class ForwardingDataSource extends RemoteGraphQLDataSource<Context> {
  override willSendRequest({
    request,
    context,
  }: Parameters<NonNullable<RemoteGraphQLDataSource<Context>['willSendRequest']>>[0]) {
    // at its start the gateway asks without a client
    const { authorization } = context as Partial<Context>;
    if (authorization !== undefined) request.http?.headers.set('authorization', authorization);
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(environment().BENCH_SUPERGRAPH ?? '', 'utf8'),
  buildService: ({ url = '' }) => new ForwardingDataSource({ url }),
});
const server = new ApolloServer<Context>({ gateway });
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
  context: async ({ req }) => ({ authorization: req.headers.authorization }),
});
process.send?.({ url });
process.once('disconnect', () => process.exit(0));
