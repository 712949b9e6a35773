import { expect, test } from '@jest/globals';
import { createRequestSigner, createRequestVerifier } from './request-signature.ts';

const NOW = 1_800_000_000_000;
const sent = { method: 'POST', path: '/graphql?a=1', body: '{"query":"{ a }"}' };
const request = { ...sent, audience: 'reviews' };

interface Options {
  readonly signing?: string[];
  readonly verifying?: string[];
  readonly signerMs?: number;
  readonly verifierMs?: number;
  readonly audience?: string;
}

function pair(options: Options = {}) {
  const signer = createRequestSigner(options.signing ?? ['one'], { clock: () => options.signerMs ?? NOW });
  const audience = options.audience ?? 'reviews';
  const clock = () => options.verifierMs ?? NOW;
  const verifier = createRequestVerifier(options.verifying ?? ['one'], { audience, clock });
  return { signer, verifier };
}

/** 'taken', or the reason in the log. */
function outcome(verify: () => void): string {
  try {
    verify();
    return 'taken';
  } catch (error) {
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', status: 401, message: 'Only the gateway can call this.' });
    return (error as { log: { reason: string } }).log.reason;
  }
}

test('a signed request is taken, as text or bytes, with or without a user', () => {
  const { signer, verifier } = pair();
  const plain = { 'weft-signature': signer.sign(request) };
  expect(plain['weft-signature']).toMatch(/^v2;k=[\w-]{8};t=1800000000000;n=[\w.-]+;s=[\w-]{43}$/);
  expect(outcome(() => verifier.verify({ ...request, headers: plain }))).toBe('taken');
  const user = { 'weft-signature': signer.sign({ ...request, user: 'token' }), 'weft-user': 'token' };
  expect(outcome(() => verifier.verify({ ...request, body: Buffer.from(request.body), headers: user }))).toBe('taken');
});

test('no part can be changed, added or left out', () => {
  const { signer, verifier } = pair();
  const signature = signer.sign({ ...request, user: 'ada' });
  const headers = { 'weft-signature': signature, 'weft-user': 'ada' };
  const tampered: Record<string, Parameters<typeof verifier.verify>[0]> = {
    method: { ...request, method: 'GET', headers },
    path: { ...request, path: '/graphql?a=2', headers },
    body: { ...request, body: `${request.body} `, headers },
    'another user': { ...request, headers: { ...headers, 'weft-user': 'grace' } },
    'no user': { ...request, headers: { 'weft-signature': signature } },
    time: { ...request, headers: { ...headers, 'weft-signature': signature.replace(`t=${NOW}`, `t=${NOW + 1}`) } },
    nonce: { ...request, headers: { ...headers, 'weft-signature': signature.replace(/\.(\d+);/, '.9$1;') } },
    signature: {
      ...request,
      headers: { ...headers, 'weft-signature': `${signature.slice(0, -2)}${signature.endsWith('AA') ? 'BA' : 'AA'}` },
    },
  };
  for (const [part, changed] of Object.entries(tampered)) {
    expect([part, outcome(() => verifier.verify(changed))]).toEqual([part, 'the signature does not fit']);
  }
  const unsigned = pair();
  const withoutUser = { 'weft-signature': unsigned.signer.sign(request) };
  const smuggled = { ...request, headers: { ...withoutUser, 'weft-user': 'ada' } };
  expect(outcome(() => unsigned.verifier.verify(smuggled))).toBe('the signature does not fit');
  // What was refused was not used up.
  expect(outcome(() => verifier.verify({ ...request, headers }))).toBe('taken');
});

test('what was signed for one subgraph is nothing to another, though both know the secret', () => {
  const { signer } = pair();
  const headers = { 'weft-signature': signer.sign(request) };
  for (const [audience, expected] of [
    ['orders', 'the signature does not fit'],
    ['', 'the signature does not fit'],
    ['reviews', 'taken'],
  ] as const) {
    expect([audience, outcome(() => pair({ audience }).verifier.verify({ ...sent, headers }))]).toEqual([
      audience,
      expected,
    ]);
  }
});

test('what is not a signature is refused', () => {
  const { signer, verifier } = pair();
  const good = signer.sign(request);
  for (const header of [
    undefined,
    '',
    'v2',
    good.replace('v2', 'v1'),
    `${good};x=1`,
    good.replace(/k=[^;]*;/, ''),
    good.replace(/t=\d+/, 't=1e12'),
  ]) {
    const headers = header === undefined ? {} : { 'weft-signature': header };
    expect([header, outcome(() => verifier.verify({ ...request, headers }))]).toEqual([
      header,
      'no signature that can be read',
    ]);
  }
});

test('a request is taken once', () => {
  const { signer, verifier } = pair();
  const headers = { 'weft-signature': signer.sign(request) };
  expect(outcome(() => verifier.verify({ ...request, headers }))).toBe('taken');
  expect(outcome(() => verifier.verify({ ...request, headers }))).toBe('sent before');
  expect(outcome(() => verifier.verify({ ...request, headers: { 'weft-signature': signer.sign(request) } }))).toBe(
    'taken',
  );
});

test('a request that is too old or from the future is refused, to the millisecond', () => {
  for (const [verifierMs, expected] of [
    [NOW + 30_000, 'taken'],
    [NOW + 30_001, 'signed too long ago, or in the future'],
    [NOW - 30_000, 'taken'],
    [NOW - 30_001, 'signed too long ago, or in the future'],
  ] as const) {
    const { signer, verifier } = pair({ verifierMs });
    const headers = { 'weft-signature': signer.sign(request) };
    expect([verifierMs, outcome(() => verifier.verify({ ...request, headers }))]).toEqual([verifierMs, expected]);
  }
});

test('secrets rotate without a request being refused: first everyone learns the new one, then it signs, then the old one goes', () => {
  const steps: { signing: string[]; verifying: string[]; expected: string }[] = [
    { signing: ['old'], verifying: ['old', 'new'], expected: 'taken' },
    { signing: ['new', 'old'], verifying: ['old', 'new'], expected: 'taken' },
    { signing: ['new'], verifying: ['new'], expected: 'taken' },
    { signing: ['old'], verifying: ['new'], expected: 'signed with a secret that is not known here' },
  ];
  for (const { expected, ...secrets } of steps) {
    const { signer, verifier } = pair(secrets);
    expect([
      secrets,
      outcome(() => verifier.verify({ ...request, headers: { 'weft-signature': signer.sign(request) } })),
    ]).toEqual([secrets, expected]);
  }
  expect(() => createRequestSigner([])).toThrow('at least one secret');
});

test('many requests of one gateway are taken in constant memory', () => {
  const { signer, verifier } = pair();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 20_000; n++) verifier.verify({ ...request, headers: { 'weft-signature': signer.sign(request) } });
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1_024 * 1_024);
});
