import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort, waitFor } from '@weft/testing';
import { killProcesses, startProcess as start } from './gateway-process.ts';
import { ask, closeShops, openShop, type Shop } from './shop.ts';
import { sendJson } from './subgraph-peer.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(async () => {
  killProcesses();
  await closeShops();
});

test('a process tells its parent where it listens, answers what is in flight after SIGTERM, and exits 0', async () => {
  const gateway = start({ WEFT_SUPERGRAPH_FILE: shop.supergraphFile });
  const url = await gateway.listening;
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  let release: (() => void) | undefined;
  shop.products.answer = (_request, response) => {
    release = () => sendJson(response, { data: { whoami: 'late' } });
  };
  const slow = ask(`${url}/graphql`, '{ whoami }');
  await waitFor(() => release !== undefined, { timeoutMs: 10_000, what: 'the fetch' });
  gateway.child.kill('SIGTERM');
  await waitFor(
    () =>
      fetch(`${url}/health/live`).then(
        () => false,
        () => true,
      ),
    { timeoutMs: 10_000, what: 'the closed port' },
  );
  release?.();
  shop.products.answer = undefined;
  expect((await slow).json).toEqual({ data: { whoami: 'late' } });
  expect([await gateway.exited, gateway.output()]).toEqual([0, '']);
});

test('SIGHUP makes it look at its files at once', async () => {
  const file = join(shop.directory, 'hup.graphql');
  const sdl = await readFile(shop.supergraphFile, 'utf8');
  await writeFile(file, sdl);
  const config = join(shop.directory, 'hup.yaml');
  await writeFile(config, 'supergraph:\n  pollEvery: 1h\n');
  // a folder that gives no notice: the file is reached through a link, and the folder of the link does not change
  const linked = join(shop.directory, 'linked');
  await mkdir(linked);
  await symlink(file, join(linked, 'supergraph.graphql'));
  const gateway = start({ WEFT_SUPERGRAPH_FILE: join(linked, 'supergraph.graphql') }, [config]);
  const url = `${await gateway.listening}/graphql`;
  expect((await ask(url, '{ added }')).status).toBe(400);
  await writeFile(
    file,
    sdl.replace('  whoami: String', '  added: String @join__field(graph: PRODUCTS)\n  whoami: String'),
  );
  gateway.child.kill('SIGHUP');
  const isServed = async () => (await ask(url, '{ added }')).status === 200;
  await waitFor(isServed, { timeoutMs: 10_000, what: 'the changed supergraph' });
});

test('a mistake in the configuration is told with its place, and exits 2', async () => {
  const file = join(shop.directory, 'gateway.yaml');
  await writeFile(file, 'supergraph:\n  file: a\n  fiel: b\ntraffic:\n  timeout: 5\n');
  const wrong = start({}, [file]);
  expect(await wrong.exited).toBe(2);
  expect(wrong.output()).toContain(`${file}:3:3`);
  expect(wrong.output()).toContain('fiel');
  expect(wrong.output()).toContain(`${file}:5:`);
  expect(wrong.output()).not.toContain('    at ');
  const missing = start({ WEFT_SUPERGRAPH_FILE: join(shop.directory, 'none.graphql') });
  expect(await missing.exited).toBe(2);
  expect(missing.output()).toMatch(/^The supergraph .*none\.graphql .* there is no such file/);
});

test('a taken port is told, and nothing that was opened keeps the process alive', async () => {
  const taken = start({
    WEFT_SUPERGRAPH_FILE: shop.supergraphFile,
    WEFT_PORT: new URL(shop.url).port,
    WEFT_REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
    WEFT_OTLP_URL: 'http://127.0.0.1:9',
  });
  expect(await taken.exited).toBe(2);
  expect(taken.output()).toContain('the port is in use');
});

test('unsafe combinations are refused in production', async () => {
  const unsafe = start({
    WEFT_SUPERGRAPH_FILE: shop.supergraphFile,
    WEFT_MODE: 'production',
    WEFT_JWKS_FILE: shop.supergraphFile,
  });
  expect(await unsafe.exited).toBe(2);
  expect(unsafe.output()).toContain('authentication.issuer and authentication.audience must be set');
});

test('production without secrets is refused with what to do, and taken when it is meant', async () => {
  const silent = start({ WEFT_SUPERGRAPH_FILE: shop.supergraphFile, WEFT_UNSIGNED: 'false' });
  expect(await silent.exited).toBe(2);
  expect(silent.output()).toMatch(
    /^secrets: missing, .* Set secrets \(WEFT_SECRETS\) .* unsigned: true \(WEFT_UNSIGNED=true\)\.\n$/,
  );
  const both = start({ WEFT_SUPERGRAPH_FILE: shop.supergraphFile, WEFT_SECRETS: 'a secret of enough length' });
  expect(await both.exited).toBe(2);
  expect(both.output()).toBe('unsigned cannot be true beside secrets: take one of them out.\n');
});

test('a misspelt variable and a key set that is not there are told before anything is opened', async () => {
  const file = join(shop.directory, 'keys.yaml');
  await writeFile(file, `authentication:\n  jwksFile: nowhere.json\n`);
  const wrong = start({ WEFT_SUPERGRAPH_FILE: shop.supergraphFile, WEFT_REDIS_UR: 'redis://127.0.0.1:1' }, [file]);
  expect(await wrong.exited).toBe(2);
  expect(wrong.output().split('\n')).toEqual([
    'The configuration has 2 problems:',
    `  ${file}:2:13  authentication.jwksFile: read "nowhere.json"; there is no such file; allowed: the path of a file that is there`,
    '  WEFT_REDIS_UR  unknown variable; did you mean WEFT_REDIS_URL?',
    '',
  ]);
});

test('it says that it serves when the port is bound, and not before', async () => {
  const blocked = await new Promise<Server>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  });
  const { port } = blocked.address() as AddressInfo;
  const environment = { WEFT_SUPERGRAPH_FILE: shop.supergraphFile, WEFT_LOG_LEVEL: 'info' };
  const late = start({ ...environment, WEFT_PORT: String(port) });
  expect(await late.exited).toBe(2);
  await new Promise((resolve) => blocked.close(resolve));
  expect(late.output()).toContain('The supergraph is loaded.');
  expect(late.output()).not.toMatch(/serve/);
  const served = start(environment);
  await served.listening;
  expect(served.output()).toContain('The gateway serves.');
});
