import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pack, unpack } from './stored-text.ts';

test('what is packed is unpacked as the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, expiresMs) => {
      expect(unpack(pack({ text, expiresMs }))).toEqual({ text, expiresMs });
    }),
  );
});

test('what was not packed here, was cut or grew is rubbish', () => {
  const good = pack({ text: '{"id":1}', expiresMs: 1e12 });
  const rubbish = [
    '',
    'weft1',
    'weft1:::',
    '{"value":"x"}',
    'null',
    good.slice(0, -1),
    `${good} `,
    good.replace('weft1', 'weft2'),
    `x${good}`,
  ];
  for (const text of [...rubbish, null, undefined, 7, {}, []]) expect([text, unpack(text)]).toEqual([text, undefined]);
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(unpack(text)).toBeUndefined()));
});
