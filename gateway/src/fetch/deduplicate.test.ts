import { expect, test } from '@jest/globals';
import { deduplicateStage } from './deduplicate.ts';
import type { FetchOutcome, FetchRequest } from './fetch.ts';

/** A fetch has 1,000 ms; it may be joined for a tenth of that. */
function create() {
  const clock = { now: 0 };
  const sent: ((outcome: FetchOutcome) => void)[] = [];
  const fetch = deduplicateStage({ deduplicate: true, timeoutMs: 1_000, clock: () => clock.now }).wrap(
    (_request, done) => void sent.push(done),
  );
  const answers: string[] = [];
  const ask = (name: string) => {
    const request = { type: 'query', subgraph: 'a', deadlineMs: clock.now + 1_000 } as unknown as FetchRequest;
    fetch(request, (outcome) => answers.push(`${name}: ${'error' in outcome ? outcome.error : ''}`));
  };
  return { clock, sent, ask, answers };
}

test('a request that is on its way for long may hang: it is not joined, and the next one may be', () => {
  const { clock, sent, ask, answers } = create();
  ask('a');
  clock.now = 99;
  ask('b');
  expect(sent.length).toBe(1);
  clock.now = 100;
  ask('c');
  ask('d');
  expect(sent.length).toBe(2);
  sent[0]?.({ error: 'first' });
  ask('e');
  expect(sent.length).toBe(2);
  sent[1]?.({ error: 'second' });
  expect(answers).toEqual(['a: first', 'b: first', 'c: second', 'd: second', 'e: second']);
  ask('f');
  expect(sent.length).toBe(3);
});
