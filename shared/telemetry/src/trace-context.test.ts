import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTraceparent, parseTraceparent, readTraceHeaders, unrecordedTrace } from './trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test('a traceparent is read as W3C wrote it', () => {
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1 });
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-00`)?.traceFlags).toBe(0);
  // Flags that are not known are not passed on.
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-ff`)?.traceFlags).toBe(3);
  // A later version may say more; what is known of it counts.
  expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`)?.traceId).toBe(TRACE);
  expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01`)?.traceId).toBe(TRACE);
});

test('a traceparent that is not one starts a new trace', () => {
  const wrong = [
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `cc-${TRACE}-${SPAN}-01.more`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN.toUpperCase()}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.slice(1)}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE}-${SPAN}-0x`,
    ` 00-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01\n`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
    `00_${TRACE}_${SPAN}_01`,
  ];
  for (const text of wrong) expect([text, parseTraceparent(text)]).toEqual([text, undefined]);
});

test('what is written is read as the same', () => {
  const hex = (length: number) =>
    fc
      .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
      .filter((text) => /[^0]/.test(text));
  fc.assert(
    fc.property(hex(32), hex(16), fc.nat(3), (traceId, spanId, traceFlags) => {
      const trace = { traceId, spanId, traceFlags };
      expect(parseTraceparent(formatTraceparent(trace))).toEqual(trace);
    }),
  );
});

test('no text makes reading it fail', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      (text) => void readTraceHeaders({ traceparent: text, tracestate: text }),
    ),
  );
});

test('tracestate is passed on when it is printable and short; a wrong one costs no trace', () => {
  const traceparent = `00-${TRACE}-${SPAN}-01`;
  expect(readTraceHeaders({ traceparent, tracestate: 'a=1,b=2' })?.traceState).toBe('a=1,b=2');
  expect(readTraceHeaders({ traceparent, tracestate: ['a=1', 'b=2'] })?.traceState).toBe('a=1,b=2');
  for (const tracestate of ['', 'x'.repeat(513), 'a=\n']) {
    expect(readTraceHeaders({ traceparent, tracestate })).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags: 1 });
  }
  expect(readTraceHeaders({ tracestate: 'a=1' })).toBeUndefined();
  expect(readTraceHeaders({ traceparent: [traceparent, traceparent] })).toBeUndefined();
});

test('a trace of our own is well-formed, never the same, and says that nothing recorded it', () => {
  const made = Array.from({ length: 2_000 }, unrecordedTrace);
  expect(new Set(made.map(({ traceId }) => traceId)).size).toBe(made.length);
  for (const trace of made) expect(parseTraceparent(formatTraceparent(trace))).toEqual({ ...trace, traceFlags: 2 });
});
