import { afterAll, describe, expect, test } from '@jest/globals';
import { findCorpus } from './corpus/find-corpus.ts';
import { NAMED_FIELDS } from './corpus/named-fields.ts';
import { passFrom } from './corpus/signed-subgraph.ts';
import { JWT_SECRET, replay, type StartedGraph, startGraph, stopGraphs } from './corpus/started-graph.ts';
import { ask } from './shop.ts';
import { bearer, sharedSecretToken } from './tokens.ts';

const GROUPS = [
  'http',
  'json',
  'syntax',
  'validation',
  'resource',
  'planning',
  'proto',
  'unicode',
  'number',
  'header',
  'csrf',
  'auth',
  'subgraph',
];

const corpus = findCorpus();
const withCorpus = corpus === undefined ? describe.skip : describe;
afterAll(stopGraphs);

withCorpus('bad inputs that other gateways had trouble with', () => {
  if (corpus === undefined) return;
  let plain: Promise<StartedGraph> | undefined;
  const graph = () => {
    plain ??= startGraph(corpus);
    return plain;
  };

  test('every field that they name is served, so that no refusal is had for free', async () => {
    const { url, faultPort, peopleUrl } = await graph();
    const proxy = await passFrom(faultPort, peopleUrl);
    const headers = bearer(await sharedSecretToken(JWT_SECRET, '1', { scope: 'pii:read' }));
    const answers = await Promise.all(
      NAMED_FIELDS.map(async ({ operation, answer }) => ({
        operation,
        answer: (await ask(url, operation, { headers })).json,
        wanted: answer,
      })),
    );
    await proxy.stop();
    for (const { operation, answer, wanted } of answers) expect([operation, answer]).toEqual([operation, wanted]);
  });

  test(
    'all are handled safely, with the right codes, on the defaults',
    async () => {
      const results = await replay(corpus, await graph(), GROUPS);
      expect(results.filter(({ pass }) => pass !== true)).toEqual([]);
      expect(new Set(results.map(({ group }) => group))).toEqual(new Set(GROUPS));
      expect((await graph()).logged()).toBe('');
    },
    15 * 60_000,
  );

  test('a directive that was imported under another name protects the same', async () => {
    const results = await replay(corpus, await startGraph(corpus, 'rename'), ['auth']);
    expect(results.filter(({ pass }) => pass !== true)).toEqual([]);
  });
});
