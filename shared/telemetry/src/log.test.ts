import { expect, test } from '@jest/globals';
import { Secret } from '@weft/config';
import { GraphError } from '@weft/errors';
import { createTelemetry } from './telemetry.ts';

function logged(level: 'debug' | 'info' | 'warn' | 'error' | 'silent' = 'debug') {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return {
    lines,
    telemetry: createTelemetry({ service: 'gateway', instance: 'one', logLevel: level, writeLog: write }),
  };
}

test('a line is JSON with service, time, level and the trace of the active span', async () => {
  const { lines, telemetry } = logged();
  telemetry.log.info('outside');
  const context = await telemetry.span('a', {}, async () => {
    telemetry.log.warn({ shard: 'shard-2' }, 'inside');
    return telemetry.activeSpanContext();
  });
  expect(lines[0]).toMatchObject({ service: 'gateway', instance: 'one', level: 'info', msg: 'outside' });
  expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
  expect(lines[0]).not.toHaveProperty('trace_id');
  expect(lines[1]).toMatchObject({
    level: 'warn',
    shard: 'shard-2',
    trace_id: context?.traceId,
    span_id: context?.spanId,
  });
});

test('no secret gets into a line: by name at any depth, by type, in addresses and in headers', () => {
  const { lines, telemetry } = logged();
  telemetry.log.info(
    {
      headers: { Authorization: 'hunter2', cookie: ['hunter2'], 'x-api-key': 'hunter2', accept: 'all' },
      database: {
        password: 'hunter2',
        user: 'app',
        nested: { clientSecret: { deep: 'hunter2' }, accessTokens: ['hunter2'] },
      },
      configured: new Secret('hunter2'),
      url: 'postgres://app:hunter2@db.example/weft',
      header: 'Bearer hunter2hunter2',
      tokens: 12,
    },
    'x',
  );
  const error = new Error('connect to redis://:hunter2@h failed', { cause: new Error('Basic hunter2hunter2') });
  telemetry.log.error({ error: Object.assign(error, { password: 'hunter2' }) }, 'y');
  telemetry.log.child({ token: 'hunter2' }).info('z');
  expect(JSON.stringify(lines)).not.toContain('hunter2');
  expect(lines[0]).toMatchObject({
    headers: { accept: 'all' },
    database: { user: 'app' },
    tokens: 12,
    url: 'postgres://***@db.example/weft',
  });
});

test('an error is told in full: its stack, its cause, and for an expected one its code and log', () => {
  const { lines, telemetry } = logged();
  const cause = new TypeError('x is undefined');
  telemetry.log.error(
    { error: new GraphError('SHARD_UNAVAILABLE', 'down', { log: { shard: 'shard-2' }, cause }) },
    'failed',
  );
  expect(lines[0]).toMatchObject({
    error: {
      type: 'GraphError',
      code: 'SHARD_UNAVAILABLE',
      message: 'down',
      log: { shard: 'shard-2' },
      cause: { type: 'TypeError', message: 'x is undefined', stack: expect.stringContaining('log.test.ts') },
    },
  });
});

test('what cannot be printed does not stop the log: cycles, depth, length, bytes, bigints, hostile objects', () => {
  const { lines, telemetry } = logged();
  const cycle: Record<string, unknown> = { name: 'a' };
  cycle.self = cycle;
  telemetry.log.info(
    { cycle, long: 'x'.repeat(1e6), bytes: Buffer.from('hunter2'), big: 2n ** 64n, many: Array(1e5).fill(1) },
    'x',
  );
  telemetry.log.info(
    Object.defineProperty({}, 'trap', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    }),
    'y',
  );
  expect(JSON.stringify(lines[0]).length).toBeLessThan(20_000);
  expect(lines[0]).toMatchObject({ bytes: '[7 bytes]', big: '18446744073709551616' });
  expect(lines).toHaveLength(2);
});

test('lines below the level are not written', () => {
  const { lines, telemetry } = logged('warn');
  telemetry.log.debug('a');
  telemetry.log.info('b');
  telemetry.log.error('c');
  expect(lines.map(({ msg }) => msg)).toEqual(['c']);
  const silent = logged('silent');
  silent.telemetry.log.error('d');
  expect(silent.lines).toEqual([]);
});
