import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BadResponse } from './response-head.ts';
import { ResponseReader } from './response-reader.ts';

const MOST_BYTES = 200;

/** What is read of a stream that comes in these pieces, each in the same buffer: answers, and how it ended. */
function read(pieces: readonly Buffer[]): string[] {
  const reader = new ResponseReader(MOST_BYTES);
  const buffer = Buffer.alloc(4_096);
  const told: string[] = [];
  try {
    for (const piece of pieces) {
      buffer.fill(0);
      piece.copy(buffer);
      for (let at = 0; at < piece.length; ) {
        at = reader.read(buffer, at, piece.length);
        if (at === -1) break;
        const { head, body } = reader;
        told.push(`${head.status} ${head.persists} ${body.bytes.toString('latin1', body.start, body.end)}`);
        reader.next();
      }
    }
    told.push(reader.endsWithClose() ? 'until its close' : reader.hasBegun ? 'more has to come' : 'whole');
  } catch (error) {
    if (!(error instanceof BadResponse)) throw error;
    told.push('refused');
  }
  return told;
}

const part = fc.constantFrom(
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.0 204 x\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'content-length: 5\r\n',
  'transfer-encoding: chunked\r\n',
  'connection: close\r\n',
  'x-a: b\r\n',
  '\r\n',
  '5\r\nhello\r\n',
  '0\r\n\r\n',
  'hello',
  '\r',
  '\n',
  ' ',
  ':',
  '\0',
);
const answer = fc.constantFrom(
  'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello',
  'HTTP/1.1 103 x\r\n\r\nHTTP/1.1 500 \r\ntransfer-encoding: chunked\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nx: y\r\n\r\n',
  'HTTP/1.1 204 x\r\nconnection: close\r\n\r\n',
);
const stream = fc
  .array(fc.oneof({ weight: 3, arbitrary: part }, { weight: 2, arbitrary: answer }), { maxLength: 12 })
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));

test('whatever comes is read or refused, and the same however it is cut', () => {
  const cuts = fc.array(fc.nat(1_000), { maxLength: 8 });
  fc.assert(
    fc.property(stream, cuts, (bytes, at) => {
      const places = [0, ...at.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      expect(read(pieces)).toEqual(read([bytes]));
      expect(read(Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)))).toEqual(read([bytes]));
    }),
    { numRuns: 500 },
  );
});

test('answers one behind the other are read one by one', () => {
  const all = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhelloHTTP/1.1 404 x\r\ncontent-length: 0\r\n\r\n';
  expect(read([Buffer.from(all)])).toEqual(['200 true hello', '404 true ', 'whole']);
  expect(read([Buffer.from(all.slice(0, -1))])).toEqual(['200 true hello', 'more has to come']);
});
