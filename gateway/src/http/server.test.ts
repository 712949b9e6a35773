import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from '@jest/globals';
import { GraphError } from '@weft/errors';
import { createWriteTokens } from '@weft/service';
import { createTelemetry } from '@weft/telemetry';
import { createGoodTokens } from '../write-tokens.ts';
import { answerErrorsStage } from './answer-errors.ts';
import { createHandler } from './server.ts';

const SECRETS = ['a secret of the test suite'];
const token = createWriteTokens(SECRETS).format([
  { shard: 'shard-1', epoch: '1.1', xid: '740', writtenAt: Math.floor(Date.now() / 1_000) },
]);

const handle = createHandler({
  stages: [answerErrorsStage(createTelemetry({ service: 'test', logLevel: 'silent' }))],
  forward: [],
  goodTokens: createGoodTokens(SECRETS),
  maxBodyBytes: 1_000,
  operationTimeoutMs: 1_000,
  async answer({ query }, { writeTokens }) {
    if (query?.startsWith('mutation')) writeTokens?.add(token);
    throw new GraphError('DEADLINE_EXCEEDED', 'The time for this operation is over.');
  },
});
const server = createServer((request, response) => void handle(request, response));
const url = new Promise<string>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`));
});
afterAll(() => void server.close());

async function ask(query: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return await fetch(await url, { method: 'POST', headers, body: JSON.stringify({ query }) });
}

test('an operation that fails as a whole tells what it had written', async () => {
  const { status, headers } = await ask('mutation { a }');
  expect(status).toBe(504);
  expect(headers.get('weft-write-token')).toBe(token);
  expect(headers.get('set-cookie')).toBe(
    `weft-write-token=${token}; Max-Age=60; Path=/graphql; HttpOnly; SameSite=Lax`,
  );
});

test('one that wrote nothing tells nothing', async () => {
  const { status, headers } = await ask('{ a }');
  expect([status, headers.get('weft-write-token'), headers.get('set-cookie')]).toEqual([504, null, null]);
});
