import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ask, type ClientOptions, type OpenClient } from './client-under-test.ts';
import { ok, startRawServer } from './raw-server.ts';

const [key, cert] = ['key', 'cert'].map((name) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url), 'utf8'));
const tls = { key: key as string, cert: cert as string };
const UNREACHED = 'SUBREQUEST_HTTP_ERROR';

/** Every name has these addresses. */
function resolvesTo(...addresses: string[]): NonNullable<ClientOptions['lookup']> {
  return (_name, options, callback) => {
    const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const [first] = all;
    if (options.all === true) callback(null, all);
    else callback(null, first?.address ?? '', first?.family);
  };
}

export function reachesAddresses(open: OpenClient): void {
  test('sends what was asked, as it was asked', async () => {
    const server = await startRawServer((socket) => void socket.write(ok('{}')));
    const client = open();
    const body = '{"query":"{ é€😀 }"}';
    await ask(client, `${server.url}?a=b%20c`, { body, forwardedHeaders: { 'x-name': 'J\xfcrgen', 'x-empty': '' } });
    const [seen] = server.seen;
    expect(seen?.body.toString('utf8')).toBe(body);
    const [line, ...headers] = seen?.head.split('\r\n') ?? [];
    expect(line).toBe('POST /graphql?a=b%20c HTTP/1.1');
    const names = headers.map((header) => header.toLowerCase());
    for (const header of [
      `host: 127.0.0.1:${server.port}`,
      'content-type: application/json',
      'accept: application/graphql-response+json, application/json;q=0.9',
      `content-length: ${Buffer.byteLength(body)}`,
      'x-name: j\xfcrgen',
    ]) {
      expect(names.filter((name) => name === header)).toHaveLength(1);
    }
    expect(names.some((name) => /^weft-deadline-ms: \d+$/.test(name))).toBe(true);
    expect(names.some((name) => name.startsWith('transfer-encoding'))).toBe(false);
    await client.stop();
  });

  test('a value of a header begins no other header', async () => {
    const server = await startRawServer((socket) => void socket.write(ok('{}')));
    const client = open();
    await ask(client, server.url, { forwardedHeaders: { 'x-a': 'b\r\nweft-user: admin', 'x-b': 'c\nd: e' } });
    for (const { head } of server.seen) expect(head).not.toMatch(/^(weft-user|d):/m);
    await client.stop();
  });

  test('IPv6', async () => {
    const server = await startRawServer((socket) => void socket.write(ok('{}')), { host: '::1' });
    const client = open();
    expect(await ask(client, server.url)).toBe('{}');
    expect(server.seen[0]?.head.toLowerCase()).toContain(`\r\nhost: [::1]:${server.port}`);
    await client.stop();
  });

  test('a name with two addresses of which one does not answer', async () => {
    const server = await startRawServer((socket) => void socket.write(ok('{}')));
    for (const addresses of [
      ['::1', '127.0.0.1'],
      ['127.0.0.2', '127.0.0.1'],
    ]) {
      const client = open({ lookup: resolvesTo(...addresses) });
      expect(await ask(client, `http://two-addresses.test:${server.port}/graphql`)).toBe('{}');
      await client.stop();
    }
  });

  test('a name that is none', async () => {
    const lookup: ClientOptions['lookup'] = (name, _options, callback) =>
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), '', 4);
    const client = open({ lookup });
    expect(await ask(client, 'http://nowhere.test/graphql')).toBe(UNREACHED);
    await client.stop();
  });

  test('TLS with a certificate that is trusted, over connections that are kept', async () => {
    const server = await startRawServer((socket) => void socket.write(ok(`{"long":"${'x'.repeat(40_000)}"}`)), {
      tls,
      host: '127.0.0.1',
    });
    const client = open({ tls: { ca: tls.cert }, lookup: resolvesTo('127.0.0.1') });
    for (let round = 0; round < 3; round += 1) {
      expect(await ask(client, `https://localhost:${server.port}/graphql`)).toHaveLength(40_011);
    }
    expect(server.connections).toBeLessThanOrEqual(2);
    await client.stop();
  });

  test('TLS with a certificate that nobody vouches for, or of another name, gets no request', async () => {
    const server = await startRawServer((socket) => void socket.write(ok('{}')), { tls });
    const lookup = resolvesTo('127.0.0.1');
    const unknown = open({ lookup });
    expect(await ask(unknown, `https://localhost:${server.port}/graphql`)).toBe(UNREACHED);
    await unknown.stop();
    const known = open({ lookup, tls: { ca: tls.cert } });
    expect(await ask(known, `https://another-name.test:${server.port}/graphql`)).toBe(UNREACHED);
    expect(await ask(known, `https://127.0.0.1:${server.port}/graphql`)).toBe(UNREACHED);
    expect(await ask(known, `https://two-addresses.test:${server.port}/graphql`)).toBe('{}');
    await known.stop();
    expect(server.seen).toHaveLength(1);
  });

  test('plain HTTP behind https, and the other way round', async () => {
    const [plain, secure] = [
      await startRawServer((socket) => void socket.write(ok('{}'))),
      await startRawServer((socket) => void socket.write(ok('{}')), { tls }),
    ];
    plain.script = (socket) => void socket.end(ok('{}'));
    const client = open({ traffic: { timeout: '500ms' } });
    expect(['SUBREQUEST_HTTP_ERROR', 'SUBGRAPH_TIMEOUT']).toContain(
      await ask(client, `https://127.0.0.1:${plain.port}/graphql`),
    );
    expect(['SUBREQUEST_HTTP_ERROR', 'SUBREQUEST_MALFORMED_RESPONSE']).toContain(
      await ask(client, `http://127.0.0.1:${secure.port}/graphql`),
    );
    await client.stop();
  });
}
