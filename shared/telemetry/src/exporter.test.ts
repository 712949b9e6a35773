import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort, startOtlpReceiver, waitFor } from '@weft/testing';
import { createTelemetry } from './telemetry.ts';

const spansLost = async (telemetry: { metricsText(): Promise<string> }): Promise<number> =>
  Number(/^telemetry_spans_lost_total (\d+)$/m.exec(await telemetry.metricsText())?.[1] ?? 0);

test('a collector that is not there costs no request, is told once, and its spans are counted as lost', async () => {
  const lines: string[] = [];
  const otlpUrl = `http://127.0.0.1:${await freePort()}`;
  const telemetry = createTelemetry({ service: 'x', otlpUrl, writeLog: (line) => lines.push(line) });
  for (let n = 0; n < 6_000; n++) expect(await telemetry.span('a', {}, async () => n)).toBe(n);

  const began = performance.now();
  await telemetry.stop();
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(lines.filter((line) => line.includes('takes no spans'))).toHaveLength(1);
  expect(await spansLost(telemetry)).toBeGreaterThan(0);
});

test('a collector that never answers does not hold up the end', async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const otlpUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const telemetry = createTelemetry({ service: 'x', otlpUrl, writeLog: () => undefined });
  // More than the queue holds: what does not fit is dropped and counted, not kept.
  for (let n = 0; n < 6_000; n++) await telemetry.span('a', {}, async () => n);
  expect(await spansLost(telemetry)).toBeGreaterThan(1_000);

  const began = performance.now();
  await telemetry.stop();
  expect(performance.now() - began).toBeLessThan(5_000);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a collector that comes back gets spans again, and that is told', async () => {
  const lines: string[] = [];
  let isDown = true;
  const receiver = await startOtlpReceiver();
  const proxy = createServer((request, response) => {
    if (isDown) response.writeHead(400).end();
    else {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        void fetch(receiver.url + request.url, { method: 'POST', body: Buffer.concat(chunks) }).then(() =>
          response.end('{}'),
        );
      });
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const otlpUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/v1/traces`;
  const telemetry = createTelemetry({ service: 'x', otlpUrl, writeLog: (line) => lines.push(line) });

  await telemetry.span('lost', {}, async () => undefined);
  await waitFor(async () => (await spansLost(telemetry)) === 1, { what: 'the loss' });
  await telemetry.span('lost too', {}, async () => undefined);
  await waitFor(async () => (await spansLost(telemetry)) === 2, { what: 'the second loss' });
  expect(lines.filter((line) => line.includes('takes no spans'))).toHaveLength(1);
  isDown = false;
  await telemetry.span('kept', {}, async () => undefined);
  await waitFor(() => receiver.spans().length > 0, { what: 'the span' });
  expect(receiver.spans().map(({ name }) => name)).toEqual(['kept']);
  await waitFor(() => lines.some((line) => line.includes('takes spans again')), { what: 'the log to tell' });
  await telemetry.stop();
  await receiver.stop();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});
