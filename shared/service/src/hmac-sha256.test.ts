import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createHmacSha256 } from './hmac-sha256.ts';

test('the test vectors of RFC 4231', () => {
  const vectors = [
    ['0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    ['4a656665', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
    [
      'aa'.repeat(131),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ] as const;
  for (const [key, text, expected] of vectors) {
    const signed = createHmacSha256(Buffer.from(key, 'hex'))(text);
    expect(Buffer.from(signed, 'base64url').toString('hex')).toBe(expected);
  }
});

test('texts of any length and alphabet, one after the other, as node:crypto signs them', () => {
  for (const keyBytes of [0, 1, 32, 63, 64, 65, 200]) {
    const key = randomBytes(keyBytes);
    const sign = createHmacSha256(key);
    for (const length of [0, 1, 55, 64, 682, 683, 684, 2_048, 5_000, 100_000, 3]) {
      for (const character of ['a', 'é', '€', '😀', '\ud800']) {
        const text = character.repeat(length);
        expect(sign(text)).toBe(createHmac('sha256', key).update(text).digest('base64url'));
      }
    }
  }
});
