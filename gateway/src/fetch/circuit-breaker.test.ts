import { expect, test } from '@jest/globals';
import { GraphError } from '@weft/errors';
import { createTelemetry } from '@weft/telemetry';
import { circuitBreakerStage } from './circuit-breaker.ts';
import { createCopies } from './copies.ts';
import type { FetchOutcome, FetchReply, FetchRequest } from './fetch.ts';
import { NoAnswerError } from './no-answer.ts';

type Answer = (request: FetchRequest) => Promise<FetchReply>;

const URLS = ['http://c1/', 'http://c2/'].map((url) => new URL(url));

/** Breaks after 3 of the last 6, for 100 ms; a fetch has 1,000 ms. */
function create() {
  const clock = { now: 0 };
  const time = () => clock.now;
  const copies = createCopies({ ejectMs: 1, clock: time });
  copies.setOverrides({ b: URLS.map(({ href }) => href) });
  const { log } = createTelemetry({ service: 'test', logLevel: 'silent' });
  const sent: string[] = [];
  let answer: Answer = async ({ url }) => reply(url as URL, 200);
  const fetch = circuitBreakerStage({
    breakAfter: 3,
    breakForMs: 100,
    timeoutMs: 1_000,
    copies,
    log,
    clock: time,
  }).wrap((request, done) => {
    sent.push(request.url?.host as string);
    answer(request).then(
      (given) => done({ reply: given }),
      (error: unknown) => done({ error }),
    );
  });
  const call = async (url = URLS[0] as URL, leftMs = 1_000): Promise<number | string> => {
    const request = { url, subgraph: 'b', deadlineMs: clock.now + leftMs } as unknown as FetchRequest;
    const outcome = await new Promise<FetchOutcome>((resolve) => fetch(request, resolve));
    return 'reply' in outcome ? outcome.reply.status : (outcome.error as GraphError).code;
  };
  const answerWith = (next: Answer): void => {
    answer = next;
  };
  return { clock, copies, sent, call, answerWith };
}

function reply(url: URL, status: number): FetchReply {
  return { url, status, cacheControl: undefined, bytes: Buffer.from('{}'), start: 0, end: 2 };
}

const timeOut: Answer = async () => {
  throw new GraphError('SUBGRAPH_TIMEOUT', 'late');
};
const status =
  (code: number): Answer =>
  async ({ url }) =>
    reply(url as URL, code);

test('a copy that hangs is left alone after some calls, and called again by itself', async () => {
  const { clock, sent, call, answerWith } = create();
  answerWith(timeOut);
  expect([await call(), await call(), await call()]).toEqual(Array(3).fill('SUBGRAPH_TIMEOUT'));
  expect([await call(), await call()]).toEqual(Array(2).fill('SUBGRAPH_CIRCUIT_OPEN'));
  expect(sent.length).toBe(3);
  clock.now = 100;
  answerWith(status(200));
  expect([await call(), await call()]).toEqual([200, 200]);
});

test('one call at a time looks whether it is back, and a failure leaves it alone again', async () => {
  const { clock, sent, call, answerWith } = create();
  answerWith(status(500));
  for (let i = 0; i < 3; i += 1) expect(await call()).toBe(500);
  clock.now = 100;
  const { promise, reject } = Promise.withResolvers<FetchReply>();
  answerWith(() => promise);
  const probe = call();
  expect(await call()).toBe('SUBGRAPH_CIRCUIT_OPEN');
  reject(new GraphError('SUBGRAPH_TIMEOUT', 'late'));
  expect(await probe).toBe('SUBGRAPH_TIMEOUT');
  expect(await call()).toBe('SUBGRAPH_CIRCUIT_OPEN');
  expect(sent.length).toBe(4);
});

test('another copy is picked while one is left alone, however well the other one works', async () => {
  const { copies, call, answerWith, clock } = create();
  answerWith(async (request) => (request.url?.host === 'c1' ? await timeOut(request) : reply(URLS[1] as URL, 200)));
  for (let i = 0; i < 3; i += 1) await call();
  const next = () => copies.next({ subgraph: 'b', address: '' }, undefined)?.host;
  expect([next(), next(), next()]).toEqual(['c2', 'c2', 'c2']);
  expect(await call(URLS[1])).toBe(200);
  clock.now = 100;
  expect(new Set([next(), next()])).toEqual(new Set(['c1', 'c2']));
});

test('only what a copy did counts: refusals, short deadlines, clients that leave and connections of some age do not', async () => {
  const { call, answerWith } = create();
  const refused: Answer = async () => {
    throw new GraphError('SUBREQUEST_HTTP_ERROR', 'refused', { log: { status: 404 } });
  };
  const left: Answer = async () => {
    throw new GraphError('REQUEST_TIMEOUT', 'The client left.');
  };
  const tooOld: Answer = async ({ url }) => {
    throw new NoAnswerError('b', url as URL, { arrived: 'perhaps', blameless: true, cause: undefined });
  };
  for (const harmless of [status(400), refused, left, tooOld]) {
    answerWith(harmless);
    for (let i = 0; i < 7; i += 1) expect(await call()).not.toBe('SUBGRAPH_CIRCUIT_OPEN');
  }
  answerWith(timeOut);
  for (let i = 0; i < 7; i += 1) expect(await call(URLS[0], 400)).toBe('SUBGRAPH_TIMEOUT');
  answerWith(status(200));
  expect(await call()).toBe(200);
});

test('failures that are rare among the calls never open it', async () => {
  const { call, answerWith } = create();
  for (let i = 0; i < 40; i += 1) {
    answerWith(i % 3 === 0 ? status(500) : status(200));
    expect(await call()).not.toBe('SUBGRAPH_CIRCUIT_OPEN');
  }
});
