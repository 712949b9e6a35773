import { expect, test } from '@jest/globals';
import { createWriteTokens, mergeWriteTokens } from './write-tokens.ts';

const SECRET = 'a secret of at least thirty-two characters';
const OLDER = 'another secret of at least thirty-two chars';
const one = { shard: 'shard-1', epoch: '3.1', xid: '740', writtenAt: 1_795_000_000 };
const two = { shard: 'shard-2', epoch: '3.2', xid: '18446744073', writtenAt: 1_795_000_009 };

test('tokens come back as they were, also when they were signed with the secret before', () => {
  const tokens = createWriteTokens([SECRET]);
  const text = tokens.format([one, two]) ?? '';
  expect(tokens.read(text)).toEqual([one, two]);
  expect(createWriteTokens([OLDER, SECRET]).read(text)).toEqual([one, two]);
  // Every character is one of a cookie's value (RFC 6265, 4.1.1).
  expect(text).toMatch(/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/);
  expect(tokens.format([])).toBeUndefined();
});

test('a token that was changed, made up or signed by a stranger is none; those beside it are', () => {
  const tokens = createWriteTokens([SECRET]);
  const text = tokens.format([one]) ?? '';
  const good = tokens.format([two]) ?? '';
  for (let at = 0; at < text.length; at += 1) {
    const other = text[at] === '1' ? '2' : '1';
    const changed = text.slice(0, at) + other + text.slice(at + 1);
    // The last character of base64url has bits that say nothing.
    if (at < text.length - 1) expect(tokens.read(`${changed}/${good}`)).toEqual([two]);
  }
  expect(tokens.read(createWriteTokens([OLDER]).format([one]))).toEqual([]);
  for (const rubbish of ['', '/', 'a:b', `${text}:`, `${'x'.repeat(100_000)}`, undefined, [text]]) {
    expect(tokens.read(rubbish)).toEqual([]);
  }
});

test('merging keeps the newest token of each shard, sixteen at most', () => {
  const { format, read } = createWriteTokens([SECRET]);
  const later = { ...one, xid: '741' };
  const muchLater = { ...one, xid: '9', writtenAt: one.writtenAt + 1 };
  expect(read(mergeWriteTokens(format([one, two]), format([later])))).toEqual([two, later]);
  expect(read(mergeWriteTokens(format([later, two]), format([one])))).toEqual([two, later]);
  expect(read(mergeWriteTokens(format([muchLater]), format([later])))).toEqual([muchLater]);
  const many = Array.from({ length: 20 }, (_, n) => format([{ ...one, shard: `shard-${n}`, writtenAt: n }]));
  expect(read(mergeWriteTokens(...many)).map(({ writtenAt }) => writtenAt)).toEqual(
    Array.from({ length: 16 }, (_, n) => 19 - n),
  );
  expect(mergeWriteTokens('rubbish', undefined, '\r\nset-cookie: a')).toBeUndefined();
});
