import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { environment } from '@weft/config';
import { createRequestSigner, createUserTokens, type Identity } from '@weft/service';

/**
 * The rival: @apollo/server and @apollo/gateway as their documentation sets them up, with what our subgraphs ask of any
 * gateway added in the cheapest way: a signature, and the user's token, which is made once.
 */
const settings = environment();
const secrets = (settings.BENCH_SECRETS ?? '').split(',');
const signer = createRequestSigner(secrets);
const identity = JSON.parse(settings.BENCH_IDENTITY ?? 'null') as Identity;
const user = await createUserTokens(secrets).sign(identity);

class SignedDataSource extends RemoteGraphQLDataSource {
  constructor(name: string, url: string) {
    super({ url });
    const unsigned = this.fetcher;
    this.fetcher = (address, init) => {
      const headers = { ...(init?.headers as Record<string, string>), 'weft-user': user };
      const { pathname } = new URL(address);
      const signature = signer.sign({ audience: name, method: 'POST', path: pathname, body: String(init?.body), user });
      return unsigned(address, { ...init, headers: { ...headers, 'weft-signature': signature } });
    };
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(settings.BENCH_SUPERGRAPH ?? '', 'utf8'),
  buildService: ({ name, url = '' }) => new SignedDataSource(name, url),
});
const server = new ApolloServer({ gateway });
const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
process.send?.({ type: 'listening', url });
process.once('disconnect', () => process.exit(0));
