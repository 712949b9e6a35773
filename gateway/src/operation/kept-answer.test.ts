import { expect, test } from '@jest/globals';
import { etagOf, type KeptAnswer, readKept, writeKept } from './kept-answer.ts';

const answer: KeptAnswer = {
  etag: etagOf('{"data":{}}\n'),
  storedAt: 1_000,
  maxAgeSeconds: 60,
  scope: 'private',
  operation: { name: 'A', type: 'query' },
  body: '{"data":{}}\n',
};

test('what was written is read again, whatever the body holds', () => {
  expect(readKept(writeKept(answer, 'k'), 'k')).toEqual(answer);
});

test('nothing else is: not under another key, not cut short, not of another kind', () => {
  const text = writeKept(answer, 'k');
  expect(readKept(text, 'other')).toBeUndefined();
  for (const bad of [
    '',
    'rubbish',
    '{}\n{}',
    'null\n{}',
    text.slice(0, -1),
    `${text} `,
    text.replace('private', 'both'),
  ]) {
    expect([bad, readKept(bad, 'k')]).toEqual([bad, undefined]);
  }
});

test('other bytes have another tag', () => {
  expect(etagOf('a')).not.toBe(etagOf('b'));
});
