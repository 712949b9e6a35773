import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { trace as otelTrace } from '@opentelemetry/api';
import { GraphError } from '@weft/errors';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '@weft/testing';
import { createTelemetry, type Telemetry } from './telemetry.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

async function recording(service = 'gateway'): Promise<{ telemetry: Telemetry; receiver: OtlpReceiver }> {
  const receiver = await startOtlpReceiver();
  const telemetry = createTelemetry({ service, instance: 'one', otlpUrl: receiver.url, writeLog: () => undefined });
  running.push(receiver, telemetry);
  return { telemetry, receiver };
}

const byName = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
  const found = spans.find((span) => span.name === name);
  if (found === undefined) throw new Error(`no span ${name}`);
  return found;
};

test('spans nest along awaits, side by side ones do not mix, and all are in one trace', async () => {
  const { telemetry, receiver } = await recording();
  await telemetry.span(
    'gateway.operation',
    { kind: 'server', attributes: { 'graphql.operation.name': 'Q' } },
    async () => {
      await Promise.all(
        ['a', 'b'].map((name) =>
          telemetry.span(`fetch ${name}`, {}, async () => {
            await turn();
            await telemetry.span(`inside ${name}`, {}, turn);
          }),
        ),
      );
    },
  );
  await telemetry.stop();

  const spans = receiver.spans();
  const root = byName(spans, 'gateway.operation');
  expect(root).toMatchObject({
    service: 'gateway',
    instance: 'one',
    parentSpanId: undefined,
    attributes: { 'graphql.operation.name': 'Q' },
  });
  for (const name of ['a', 'b']) {
    expect(byName(spans, `fetch ${name}`).parentSpanId).toBe(root.spanId);
    expect(byName(spans, `inside ${name}`).parentSpanId).toBe(byName(spans, `fetch ${name}`).spanId);
  }
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
});

test('a trace crosses processes by its headers, with its state', async () => {
  const { telemetry: gateway, receiver } = await recording('gateway');
  const subgraph = createTelemetry({ service: 'products', otlpUrl: receiver.url, writeLog: () => undefined });
  running.push(subgraph);
  const client = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'vendor=1' };
  const sent: Record<string, string> = {};
  await gateway.span('gateway.fetch', { parent: gateway.extractTrace(client) }, async () => gateway.injectTrace(sent));
  await subgraph.span('subgraph.operation', { parent: subgraph.extractTrace(sent) }, turn);
  await gateway.stop();
  await subgraph.stop();

  const fetchSpan = byName(receiver.spans(), 'gateway.fetch');
  expect(fetchSpan).toMatchObject({ traceId: 'a'.repeat(32), parentSpanId: 'b'.repeat(16), service: 'gateway' });
  expect(sent).toEqual({ traceparent: `00-${'a'.repeat(32)}-${fetchSpan.spanId}-01`, tracestate: 'vendor=1' });
  expect(byName(receiver.spans(), 'subgraph.operation')).toMatchObject({
    parentSpanId: fetchSpan.spanId,
    service: 'products',
  });
});

test('links point to the spans that asked; attributes, events and errors arrive', async () => {
  const { telemetry, receiver } = await recording();
  const asked: string[] = [];
  const links: { traceId: string; spanId: string; traceFlags: number }[] = [];
  for (const name of ['one', 'two']) {
    await telemetry.span(name, {}, async (span) => {
      const context = span.spanContext();
      if (context === undefined) throw new Error('no context');
      asked.push(context.spanId);
      links.push(context);
    });
  }
  const [first, second] = links;
  if (first === undefined || second === undefined) throw new Error('two spans asked');
  await telemetry.span(
    'subgraph.batch',
    { links: [first], attributes: { left: undefined, list: ['a'] } },
    async (span) => {
      expect(span.recording).toBe(true);
      span.addLink(second);
      span.setAttribute('weft.rows', 3);
      span.setAttributes({ 'weft.cache': 'hit', on: true });
      span.addEvent('sent');
    },
  );
  const failed = telemetry.span('fails', {}, () => Promise.reject(new GraphError('SHARD_UNAVAILABLE', 'down')));
  await expect(failed).rejects.toMatchObject({ code: 'SHARD_UNAVAILABLE' });
  await telemetry.span('answers its error', {}, async (span) => span.recordError(new TypeError('bug')));
  await telemetry.stop();

  const spans = receiver.spans();
  expect(byName(spans, 'subgraph.batch')).toMatchObject({
    links: asked.map((spanId) => ({ spanId })),
    attributes: { 'weft.rows': 3, 'weft.cache': 'hit', on: true, list: ['a'] },
    events: ['sent'],
    isError: false,
  });
  expect(byName(spans, 'fails')).toMatchObject({
    isError: true,
    attributes: { 'weft.error.code': 'SHARD_UNAVAILABLE' },
    events: [],
  });
  expect(byName(spans, 'answers its error')).toMatchObject({ isError: true, events: ['exception'] });
});

test("a library's spans through the global tracer nest into ours", async () => {
  const { telemetry, receiver } = await recording();
  await telemetry.span('gateway.operation', {}, async () => {
    await otelTrace.getTracer('library').startActiveSpan('gateway.validate', async (span) => {
      await turn();
      await telemetry.span('ours', {}, turn);
      span.end();
    });
  });
  await telemetry.stop();
  const theirs = byName(receiver.spans(), 'gateway.validate');
  expect(theirs.parentSpanId).toBe(byName(receiver.spans(), 'gateway.operation').spanId);
  expect(byName(receiver.spans(), 'ours').parentSpanId).toBe(theirs.spanId);
});

test('a caller that does not sample is followed', async () => {
  const { telemetry, receiver } = await recording();
  const parent = telemetry.extractTrace({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00` });
  const sent: Record<string, string> = {};
  await telemetry.span('quiet', { parent }, async (span) => {
    expect(span.recording).toBe(false);
    telemetry.injectTrace(sent);
  });
  await telemetry.stop();
  expect(receiver.spans()).toEqual([]);
  expect(sent.traceparent).toMatch(new RegExp(`^00-${'a'.repeat(32)}-[0-9a-f]{16}-00$`));
});

test('without a collector nothing is recorded, the trace goes through, and a request without one gets one', async () => {
  const telemetry = createTelemetry({ service: 'gateway', writeLog: () => undefined });
  const client = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'vendor=1' };
  const passed: Record<string, string> = {};
  await telemetry.span('outer', { parent: telemetry.extractTrace(client) }, (outer) =>
    telemetry.span('inner', {}, async (inner) => {
      await turn();
      expect([outer.recording, inner.recording]).toEqual([false, false]);
      telemetry.injectTrace(passed);
    }),
  );
  expect(passed).toEqual(client);

  const own = await telemetry.span('outer', {}, async (span) => {
    const context = span.spanContext();
    await telemetry.span('inner', {}, async () => expect(telemetry.activeSpanContext()).toEqual(context));
    return context;
  });
  expect(own?.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(telemetry.activeSpanContext()).toBeUndefined();
  const none: Record<string, string> = {};
  telemetry.injectTrace(none);
  expect(none).toEqual({});
});
