import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createRequestSigner, createRequestVerifier, INTERNAL_HEADERS } from '@weft/service';
import { waitFor } from '@weft/testing';
import { loadPaymentSettings, type Payments, startPayments } from '../src/index.ts';

const SECRET = 'a secret of the tests';
const signer = createRequestSigner([SECRET]);

let directory: string;
let ledger: string;
const running: Payments[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-payments-'));
  ledger = join(directory, 'ledger.jsonl');
});
afterEach(async () => {
  for (const payments of running.splice(0)) await payments.stop();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(directory, { recursive: true });
});

const environment = (more: Record<string, string> = {}) => ({
  WEFT_SECRETS: SECRET,
  WEFT_PAYMENTS_LEDGER: ledger,
  ...more,
});

async function start(more: Record<string, string> = {}): Promise<string> {
  const payments = await startPayments(loadPaymentSettings(environment(more)));
  running.push(payments);
  return payments.url;
}

async function post(url: string, path: string, request: object, signal?: AbortSignal) {
  const body = JSON.stringify(request);
  const signature = signer.sign({ audience: 'payments', method: 'POST', path, body });
  const response = await fetch(`${url}${path}`, {
    ...{ method: 'POST', body, headers: { [INTERNAL_HEADERS.signature]: signature } },
    ...(signal && { signal }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const CHARGE = { key: 'order:7', amountMinor: 1_250, currency: 'EUR' };

test('a key is charged once, and another amount under it is refused', async () => {
  const url = await start();
  const answers = await Promise.all(Array.from({ length: 5 }, () => post(url, '/charges', CHARGE)));
  const other = await post(url, '/charges', { ...CHARGE, amountMinor: 1 });

  for (const answer of answers) expect(answer).toEqual({ status: 200, body: { ...CHARGE, state: 'charged' } });
  expect(other.status).toBe(409);
  expect(await readFile(ledger, 'utf8')).toBe(`${JSON.stringify({ ...CHARGE, state: 'charged' })}\n`);
});

test('a refund gives back what was charged, and what was not charged yet never will be', async () => {
  const url = await start();
  await post(url, '/charges', CHARGE);
  for (let time = 0; time < 2; time += 1) {
    expect(await post(url, '/refunds', { key: CHARGE.key })).toMatchObject({
      status: 200,
      body: { state: 'refunded' },
    });
  }
  expect(await post(url, '/refunds', { key: 'order:8' })).toMatchObject({ status: 200, body: { state: 'refunded' } });
  expect(await post(url, '/charges', { ...CHARGE, key: 'order:8' })).toMatchObject({ status: 409 });
  expect(running[0]?.entries().map(({ key, state }) => [key, state])).toEqual([
    ['order:7', 'refunded'],
    ['order:8', 'voided'],
  ]);
});

test('without a signature nothing is charged', async () => {
  const url = await start();
  const { status } = await fetch(`${url}/charges`, { method: 'POST', body: JSON.stringify(CHARGE) });
  expect([status, running[0]?.entries()]).toEqual([401, []]);
});

test('the ledger is shown to who signs, and by GET alone', async () => {
  const url = await start();
  await post(url, '/charges', CHARGE);
  const ask = async (method: string, signed: boolean) => {
    const signature = signer.sign({ audience: 'payments', method, path: '/ledger', body: '' });
    const response = await fetch(`${url}/ledger`, {
      method,
      headers: signed ? { [INTERNAL_HEADERS.signature]: signature } : {},
    });
    return { status: response.status, body: await response.json() };
  };
  expect(await ask('GET', true)).toEqual({ status: 200, body: [{ ...CHARGE, state: 'charged' }] });
  expect((await ask('GET', false)).status).toBe(401);
  expect((await ask('POST', true)).status).toBe(405);
  expect((await ask('DELETE', true)).status).toBe(405);
});

test('it fails without having done anything, is silent after having done it, and tells twice', async () => {
  const failing = await start({ WEFT_PAYMENTS_FAULTS: 'fail=1' });
  expect((await post(failing, '/charges', CHARGE)).status).toBe(503);
  await running.pop()?.stop();

  const silent = await start({ WEFT_PAYMENTS_FAULTS: 'silent=1' });
  await expect(post(silent, '/charges', CHARGE, AbortSignal.timeout(300))).rejects.toThrow();
  expect(running[0]?.entries()).toEqual([{ ...CHARGE, state: 'charged' }]);
  await running.pop()?.stop();

  const verifier = createRequestVerifier([SECRET], { audience: 'orders' });
  const told: unknown[] = [];
  const orders = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      verifier.verify({ method: 'POST', path: '/events', body, headers: request.headers });
      told.push(JSON.parse(body.toString()));
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => orders.listen(0, '127.0.0.1', resolve));
  try {
    const address = `http://127.0.0.1:${(orders.address() as AddressInfo).port}`;
    const twice = await start({ WEFT_PAYMENTS_FAULTS: 'twice=1', WEFT_PAYMENTS_ORDERS: address });
    expect((await post(twice, '/charges', CHARGE)).status).toBe(200);
    await waitFor(() => told.length === 2, { what: 'both events' });
    const payload = { ...CHARGE, state: 'charged' };
    expect(told).toEqual([1, 2].map(() => ({ id: 'order:7:charged', topic: 'payment-answered', payload })));
  } finally {
    orders.close();
    orders.closeAllConnections();
  }
});

test('a charge that was answered is in the books after a kill -9; a line that was cut off is not', async () => {
  const child = fork(fileURLToPath(new URL('../src/main.ts', import.meta.url)), {
    execArgv: ['--conditions=weft-source', '--disable-warning=ExperimentalWarning'],
    env: { PATH: process.env.PATH, ...environment({ WEFT_PORT: '0' }) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => post(url, '/charges', { ...CHARGE, key: `order:${index}` })),
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  await appendFile(ledger, '{"key":"order:99","state":"char');

  const again = await start();
  const keys = answers.map(({ body }) => body.key).sort();
  expect(
    running[0]
      ?.entries()
      .map(({ key }) => key)
      .sort(),
  ).toEqual(keys);
  expect(await post(again, '/charges', { ...CHARGE, key: 'order:3' })).toMatchObject({ status: 200 });
  expect((await readFile(ledger, 'utf8')).trimEnd().split('\n')).toHaveLength(20);
});

test.each(['fail=2', 'slow=0.5', 'fail'])('faults that are none are refused: %s', (faults) => {
  expect(() => loadPaymentSettings(environment({ WEFT_PAYMENTS_FAULTS: faults }))).toThrow(
    'fail, silent, twice and decline',
  );
});
