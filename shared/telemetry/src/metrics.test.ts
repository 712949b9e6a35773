import { expect, test } from '@jest/globals';
import { METRICS } from './metric-names.ts';
import { countsOf, createEarnedLabel, createMetrics, snapshotText, sumSnapshots } from './metrics.ts';

test('counters, gauges and histograms are in the text, and asking twice gives the same one', async () => {
  const metrics = createMetrics();
  metrics.counter(METRICS.gateway_errors_total).add({ code: 'BAD_REQUEST', subgraph: 'none', operation: 'Storefront' });
  metrics
    .counter(METRICS.gateway_errors_total)
    .add({ code: 'BAD_REQUEST', subgraph: 'none', operation: 'Storefront' }, 2);
  metrics.gauge(METRICS.database_shard_up).set({ shard: 'shard-1' }, 1);
  metrics.gauge(METRICS.database_shard_up).set({ shard: 'shard-2' }, 1);
  metrics.gauge(METRICS.database_shard_up).remove({ shard: 'shard-2' });
  metrics.histogram(METRICS.subgraph_batch_keys).observe({ loader: 'productById' }, 7);
  const text = await metrics.text();
  expect(text).toContain('gateway_errors_total{code="BAD_REQUEST",subgraph="none",operation="Storefront"} 3');
  expect(text).toContain('database_shard_up{shard="shard-1"} 1');
  expect(text).not.toContain('shard-2');
  expect(text).toContain('subgraph_batch_keys_bucket{le="10",loader="productById"} 1');
  expect(text).toContain('subgraph_batch_keys_bucket{le="5",loader="productById"} 0');
  expect(text).toContain('process_cpu_seconds_total');
});

test('two services in one process do not mix, and the process is measured once', async () => {
  const [one, two] = [createMetrics(), createMetrics()];
  one.counter(METRICS.gateway_errors_total).add({ code: 'X' });
  two.counter(METRICS.gateway_errors_total).add({ code: 'Y' });
  expect(await one.text()).not.toContain('code="Y"');
  for (const metrics of [one, two]) {
    expect((await metrics.text()).match(/^# TYPE process_resident_memory_bytes /gm)).toHaveLength(1);
  }
});

test('every row of the table can be made, and its name says its unit', async () => {
  const metrics = createMetrics();
  for (const [key, definition] of Object.entries(METRICS)) {
    expect(definition.name).toBe(key);
    expect(definition.help).toMatch(/\.$/);
    expect([key, definition.buckets === undefined || !key.endsWith('_total')]).toEqual([key, true]);
    if (definition.buckets !== undefined) metrics.histogram(definition);
    else if (key.endsWith('_total')) metrics.counter(definition);
    else metrics.gauge(definition);
  }
  const text = await metrics.text();
  for (const key of Object.keys(METRICS)) expect(text).toContain(`# HELP ${key} `);
});

test('a label is earned: reserved names have theirs, another has one after it was good often enough, a stranger fills none', () => {
  const label = createEarnedLabel({ most: 2, after: 3, reserved: ['Storefront'] });
  const named = (value: string, good = true) => label(value, good);
  for (let n = 0; n < 10_000; n++) expect(named(`Made${n}`, n % 2 === 0)).toBe('other');
  expect(named('Storefront', false)).toBe('Storefront');
  expect([named('Search'), named('Search'), named('Search', false), named('Search'), named('Search', false)]).toEqual([
    'other',
    'other',
    'other',
    'Search',
    'Search',
  ]);
  for (let n = 0; n < 3; n++) named('Cart');
  for (let n = 0; n < 9; n++) expect(named('Late')).toBe('other'); // both places are taken
  expect([named('Cart'), named('Storefront'), named('Search')]).toEqual(['Cart', 'Storefront', 'Search']);
  expect([label(undefined, true), label('', true), named('x'.repeat(121))]).toEqual([
    'anonymous',
    'anonymous',
    'other',
  ]);
});

test('when all labels are given, the one that is out of use for longest, an hour at least, goes to the next that earned it', () => {
  let now = 1_000;
  const lost: string[] = [];
  const label = createEarnedLabel({ most: 2, after: 2, onLost: (value) => lost.push(value), clock: () => now });
  for (const made of ['Made1', 'Made1', 'Made2', 'Made2']) label(made, true);
  now += 1_800_000;
  expect(label('Made2', true)).toBe('Made2');
  now += 1_799_999;
  expect([label('Cart', true), label('Cart', true), lost]).toEqual(['other', 'other', []]);
  now += 1;
  expect([label('Cart', false), label('Cart', true), lost]).toEqual(['other', 'Cart', ['Made1']]);
  expect([label('Search', true), label('Search', true), lost]).toEqual(['other', 'other', ['Made1']]);
  expect([label('Made1', true), label('Made2', true)]).toEqual(['other', 'Made2']);
});

test('series of a value are forgotten, those of others stay', async () => {
  const metrics = createMetrics();
  const requests = metrics.counter(METRICS.gateway_requests_total);
  const seconds = metrics.histogram(METRICS.gateway_request_duration_seconds);
  for (const operation of ['Made1', 'Cart']) {
    for (const client of ['web', 'app']) requests.add({ operation, status: 200, client });
    seconds.observe({ operation }, 0.1);
  }
  await requests.forget('operation', 'Made1');
  await seconds.forget('operation', 'Made1');
  const text = await metrics.text();
  expect(text).not.toContain('Made1');
  expect(text.match(/^gateway_requests_total{operation="Cart"/gm)).toHaveLength(2);
  expect(text).toContain('gateway_request_duration_seconds_count{operation="Cart"} 1');
});

test('the metrics of several processes are summed, and of those that are gone only what they counted stays', async () => {
  const processes = [createMetrics(), createMetrics(), createMetrics()];
  for (const [index, metrics] of processes.entries()) {
    metrics
      .counter(METRICS.gateway_errors_total)
      .add({ code: index === 0 ? 'A' : 'B', subgraph: 'none', operation: 'x' });
    metrics.gauge(METRICS.gateway_requests_in_flight).set({}, 10);
    metrics.histogram(METRICS.subgraph_batch_keys).observe({ loader: 'productById' }, 7);
  }
  const [one, two, gone] = await Promise.all(processes.map((metrics) => metrics.snapshot()));
  const sent = structuredClone(countsOf(gone ?? []));
  // twice, as when a second one goes
  const text = await snapshotText(sumSnapshots([sumSnapshots([sent]), one ?? [], two ?? []]));
  expect(text).toContain('gateway_errors_total{code="A",subgraph="none",operation="x"} 1');
  expect(text).toContain('gateway_errors_total{code="B",subgraph="none",operation="x"} 2');
  expect(text).toContain('gateway_requests_in_flight 20');
  expect(text).toContain('subgraph_batch_keys_bucket{le="10",loader="productById"} 3');
  expect(text).toContain('subgraph_batch_keys_count{loader="productById"} 3');
  expect(text).toMatch(/process_cpu_seconds_total [\d.]+/);
});
