import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { environment } from '@weft/config';
import { commandOf, isAlive, processTree } from '@weft/postgres';
import { waitFor } from '@weft/testing';
import { demoToken } from '../src/index.ts';
import { ask, type NpmStart, npmStart, npmStartIn, tokenIn } from './npm-start.ts';

/** Starts are dear: each one here carries several promises, and they follow one data folder through its life. */
let parent: string;
let data: string;
let copy: string;
const small = ['--scale', '0.02'];
/** It makes six databases; on two cores that others use too, most of a minute becomes several. */
const FIRST_START_MS = 300_000;
const running: NpmStart[] = [];

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'weft-test-npm-start-'));
  await chmod(parent, 0o711);
  data = join(parent, 'data');
  copy = join(parent, 'copy');
});

afterAll(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGTERM');
    await ended;
  }
  await rm(parent, { recursive: true, force: true });
});

async function start(...args: string[]): Promise<NpmStart> {
  const started = await npmStart(...args);
  running.push(started);
  return started;
}

const allGone = (pids: readonly number[]) =>
  waitFor(() => pids.every((pid) => !isAlive(pid)), { what: `the end of ${pids.length} processes`, timeoutMs: 30_000 });

const PLACE_ORDER = `mutation ($key: String!, $product: ID!) {
  placeOrder(input: { lines: [{ productId: $product, quantity: 1 }] }, idempotencyKey: $key) { id state }
}`;
const NEWEST_ORDERS = '{ me { orders(first: 2) { edges { node { id status total } } } } }';
const SEARCH = '{ searchProducts(category: "garden-tools", first: 50) { edges { node { id name } } } }';

let firstAnswer: string;

test(
  '--once starts all of it, answers the sample operation over five subgraphs, says what it took, and is gone',
  async () => {
    const once = await start('--once', '--data', data, ...small);
    const tree = new Set<number>();
    const watch = setInterval(() => {
      for (const pid of processTree(once.pid)) tree.add(pid);
    }, 200);
    const code = await once.ended;
    clearInterval(watch);

    expect(once.stderr()).toMatch(/Postgres: 3 shards, each a primary and a streaming replica/);
    expect(once.stderr()).toMatch(/Subgraphs: accounts, products, inventory, reviews, orders/);
    expect(code).toBe(0);
    const lines = once.stdout().trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/^\d+ fetches, \d+ statements, [1-3] shards touched, \d+ ms$/);
    firstAnswer = lines.slice(0, -1).join('\n');
    const answer = JSON.parse(firstAnswer);
    expect(answer.errors).toBeUndefined();
    expect(answer.data.searchProducts.edges.length).toBeGreaterThan(0);
    expect(answer.data.me.name).toBe('Ada Lovelace');
    expect(tree.size).toBeGreaterThan(12); // six Postgres servers, five subgraphs, a gateway at least
    await allGone([...tree]);
  },
  FIRST_START_MS,
);

(process.getuid?.() === 0 ? test : test.skip)('a disk that fills while it seeds is told in one sentence', async () => {
  const disk = join(parent, 'disk');
  await mkdir(disk);
  const full = await npmStartIn(
    `mount -t tmpfs -o size=215m tmpfs ${disk} && `,
    '--data',
    disk,
    '--once',
    '--scale',
    '2',
  );
  running.push(full);
  expect(await full.ended).toBe(1);
  expect(full.stderr()).toMatch(/^✓ Postgres/);
  expect(full.stderr()).toMatch(/\nThe disk is full: .* Free some space, or name another disk with --data\.\n$/);
});

test('Ctrl-C while it starts ends what was started by then', async () => {
  const cut = await start('--data', data);
  await waitFor(() => cut.stderr().includes('Postgres: 3 shards'), { what: 'Postgres', timeoutMs: 100_000 });
  const tree = processTree(cut.pid);
  expect(tree.length).toBeGreaterThan(6);
  cut.child.kill('SIGINT');
  expect(await cut.ended).toBe(130);
  await allGone(tree);
});

describe('a second start, with port 4000 taken', () => {
  let taken: Server;
  let graph: NpmStart;
  let url: string;

  beforeAll(async () => {
    taken = createServer();
    // Another program may have it at first; then it is taken all the same, and ours as soon as it is free.
    const listen = () => taken.listen(4_000, '127.0.0.1');
    const settled = new Promise<void>((resolve) => {
      taken.once('listening', resolve).once('error', () => resolve());
    });
    taken.on('error', () => setTimeout(listen, 20).unref());
    listen();
    await settled;
    graph = await start('--data', data);
    url = await graph.served();
  });

  afterAll(() => {
    taken.close();
  });

  test('it keeps the data and says loudly which port it took instead', async () => {
    expect(graph.stderr()).toMatch(/Migrations: nothing new/);
    expect(graph.stderr()).toMatch(/Data: scale 0\.02, kept from before/);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:4\d\d\d\/graphql$/);
    expect(url).not.toContain(':4000/');
    await waitFor(
      () => graph.stderr().includes(`!! Port 4000 is in use by another program: the gateway is at ${url}`),
      {
        what: 'the loud line',
      },
    );
  });

  const curlTest = hasCurl() ? test : test.skip;
  curlTest('the operations it prints can be pasted as they are', () => {
    const commands = graph.stdout().match(/^curl .*$/gm) ?? [];
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      const env = { PATH: '/usr/bin:/bin', TOKEN: tokenIn(graph.stdout()) };
      const answer = JSON.parse(execFileSync('sh', ['-c', command], { env, encoding: 'utf8' }));
      expect(answer).toEqual({ data: expect.anything() });
    }
  });

  test('the same address shows the console in a browser', async () => {
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  });

  test('a start in the same folder is refused in one sentence', async () => {
    const second = await start('--data', data);
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toMatch(/is in use by another running Weft \(process \d+\)/);
    expect(second.stderr()).not.toMatch(/\n\s+at /);
  });

  test('a port that was named and is taken is refused in one sentence', async () => {
    const port = new URL(url).port;
    const second = await start('--data', copy, '--port', port);
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toMatch(new RegExp(`^Port ${port} is in use by another program\\. `));
  });

  test('an option that is not known is refused with the nearest', async () => {
    const second = await start('--fersh');
    expect(await second.ended).toBe(2);
    expect(second.stderr()).toBe('npm start: unknown option --fersh; did you mean --fresh? See npm start -- --help.\n');
  });

  test('a subgraph that dies is started again, and the graph answers as before', async () => {
    const before = await ask(url, SEARCH);
    process.kill(processOf(graph.pid, 'subgraphs/products/src/main.ts'), 'SIGKILL');
    await waitFor(() => /products ended \(signal SIGKILL\).*[\s\S]*products runs again\./.test(graph.stderr()), {
      what: 'the return of products',
      timeoutMs: 30_000,
    });
    const after = await waitFor(
      async () => {
        const answer = await ask(url, SEARCH.replace('first: 50', 'first: 49'));
        return answer.errors ? undefined : answer;
      },
      { what: 'an answer without errors' },
    );
    expect(after.data).toEqual(before.data);
  });

  test('a Postgres server that dies is started again', async () => {
    process.kill(processOf(graph.pid, 'servers/shard-2'), 'SIGKILL');
    await waitFor(() => /Postgres shard-2 ended[\s\S]*Postgres shard-2 runs again\./.test(graph.stderr()), {
      what: 'the return of shard-2',
      timeoutMs: 30_000,
    });
  });

  test('SIGKILL of it leaves no process', async () => {
    const token = tokenIn(graph.stdout());
    const product = /productId: \\+"(\d+)/.exec(graph.stdout())?.[1] ?? '';
    const answer = await ask(url, PLACE_ORDER, { token, variables: { key: 'kept', product } });
    expect(answer.errors).toBeUndefined();
    const tree = processTree(graph.pid);
    expect(tree.length).toBeGreaterThan(20);
    graph.child.kill('SIGKILL');
    await allGone(tree);
  });
});

describe('a start on what the killed one left, with two copies of everything', () => {
  let graph: NpmStart;
  let url: string;
  let others: readonly string[];
  let fresh: NpmStart;

  beforeAll(async () => {
    await cp(data, copy, { recursive: true, preserveTimestamps: true });
    execFileSync('chown', ['-R', '--reference', join(data, 'postgres', 'servers'), join(copy, 'postgres', 'servers')]);
    // As if the machine had gone down under it: a pid file, and a lock of a process that is no more.
    await writeFile(join(data, 'postgres', 'servers', 'shard-2', 'postmaster.pid'), `${process.pid}\n`);
    await writeFile(join(data, '.lock'), JSON.stringify({ pid: process.pid, started: 'long ago' }));
    graph = await start('--data', data, '--copies', '2');
    fresh = await start('--data', copy, '--fresh', '--once', ...small);
    url = await graph.served();
    others = graph.stdout().match(/http:\S+\/graphql$/gm) ?? [];
  });

  test('metrics are those of every gateway alone', async () => {
    const metrics = metricsIn(graph.stdout());
    expect(metrics).toEqual(others.map((other) => new URL('/metrics', other).href));
    expect(await statuses(metrics)).toEqual([200, 200]);
  });

  test('an order that was placed before the kill is there', async () => {
    const answer = await ask(url, NEWEST_ORDERS, { token: tokenIn(graph.stdout()) });
    expect(answer.errors).toBeUndefined();
    const [newest] = (answer.data as unknown as OrdersOf).me.orders.edges;
    expect(firstAnswer).not.toContain(newest?.node.id);
  });

  test('--fresh, beside it in another folder, begins anew', async () => {
    expect(await fresh.ended).toBe(0);
    expect(fresh.stderr()).toMatch(/Data: scale 0\.02, seeded/);
    expect(fresh.stdout().split('\n').slice(0, -2).join('\n')).toBe(firstAnswer);
  });

  test('one of each killed under load loses no query', async () => {
    const load = queryUnderLoad([url, ...others]);
    await waitFor(() => load.answered() > 50, { what: 'the load' });
    for (const program of ['products', 'inventory', 'reviews', 'accounts', 'orders'])
      process.kill(processOf(graph.pid, `subgraphs/${program}/src/main.ts`), 'SIGKILL');
    process.kill(processOf(graph.pid, 'gateway/src/main.ts'), 'SIGKILL');
    await waitFor(() => graph.stderr().match(/runs again\./g)?.length === 6, {
      what: 'the return of all six',
      timeoutMs: 60_000,
    });
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
  });

  test('Ctrl-C stops gateways, workers, subgraphs and Postgres in this order, and exits 0 when all are gone', async () => {
    const tree = processTree(graph.pid);
    const groups = [/gateway\/src\/main\.ts$/, /worker\.ts$/, /subgraphs\/\w+\/src\/main\.ts$/, /postgres -D/].map(
      (program) => tree.filter((pid) => program.test(commandOf(pid))),
    );
    expect(groups.map(({ length }) => length)).toEqual([2, 3, 10, 6]);
    const disorder: string[] = [];
    const watch = setInterval(() => {
      // Later groups first: one that ends between two looks is then not held against those before it.
      const alive = groups.map((pids) => () => pids.filter(isAlive).length);
      for (let later = groups.length - 1; later > 0; later -= 1) {
        const begun = (alive[later]?.() ?? 0) < (groups[later]?.length ?? 0);
        const before = alive[later - 1]?.() ?? 0;
        if (begun && before > 0) disorder.push(`${before} of group ${later - 1} while group ${later} ended`);
      }
    }, 5);
    graph.child.kill('SIGINT');
    expect(await graph.ended).toBe(0);
    clearInterval(watch);
    expect(tree.filter(isAlive)).toEqual([]);
    expect(disorder).toEqual([]);
  });
});

test('--production lets no demo user in, shows no schema, and says what to configure', async () => {
  const closed = await start('--production', '--data', copy);
  const url = await closed.served();
  expect(closed.stdout()).not.toMatch(/TOKEN|ada/);
  const metrics = metricsIn(closed.stdout());
  expect(metrics).toHaveLength(1);
  expect(await statuses([...metrics, new URL('/metrics', url).href])).toEqual([200, 404]);
  expect(closed.stdout()).toContain('No token is accepted: name your issuer with --jwks FILE --issuer TEXT --audience');
  // The key that an earlier start made lies there still.
  const token = await demoToken('ada', { directory: copy });
  expect(await ask(url, '{ me { name } }', { token })).toMatchObject({
    status: 401,
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  expect((await ask(url, SEARCH)).errors).toBeUndefined();
  expect((await ask(url, '{ __schema { types { name } } }')).errors).toHaveLength(1);
  closed.child.kill('SIGTERM');
  expect(await closed.ended).toBe(0);
});

/** Addresses of metrics that `npm start` prints. */
const metricsIn = (text: string): readonly string[] => text.match(/http:\S+\/metrics$/gm) ?? [];

const statuses = (urls: readonly string[]): Promise<number[]> =>
  Promise.all(urls.map(async (url) => (await fetch(url)).status));

/** A machine without curl skips what is pasted, loudly; CI has to have it. */
function hasCurl(): boolean {
  if (spawnSync('curl', ['--version']).status === 0) return true;
  if (environment().WEFT_REQUIRE_TOOLS === '1') throw new Error('curl is needed here');
  process.stderr.write('SKIPPED: curl is not installed, so the printed operations were not pasted\n');
  return false;
}

interface OrdersOf {
  readonly me: { readonly orders: { readonly edges: readonly { readonly node: { readonly id: string } }[] } };
}

function processOf(root: number, program: string): number {
  const pid = processTree(root).find((candidate) => commandOf(candidate).endsWith(program));
  if (pid === undefined) throw new Error(`${program} does not run`);
  return pid;
}

/** Asks the gateways in turn, as a balancer does: a gateway that cannot be reached is asked again later. */
function queryUnderLoad(urls: readonly string[]) {
  const failures: string[] = [];
  let answered = 0;
  let over = false;
  const askAny = async (number: number): Promise<void> => {
    const query = SEARCH.replace('first: 50', `first: ${(number % 50) + 1}`);
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await ask(urls[(number + attempt) % urls.length] ?? '', query);
        if (answer.status !== 200 || answer.errors) failures.push(JSON.stringify(answer));
        answered += 1;
        return;
      } catch (error) {
        if (attempt === urls.length) return void failures.push(String(error));
      }
    }
  };
  const lanes = Array.from({ length: 4 }, async (_, lane) => {
    for (let number = lane; !over; number += 4) await askAny(number);
  });
  return {
    answered: () => answered,
    stop: async () => {
      over = true;
      await Promise.all(lanes);
      return { answered, failures };
    },
  };
}
