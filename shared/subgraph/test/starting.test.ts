import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startOtlpReceiver, testFleet, waitFor } from '@weft/testing';
import {
  defineSubgraph,
  loadSubgraphSettings,
  type SubgraphOnFleet,
  startOnFleet,
  startSubgraph,
  startWorker,
} from '../src/index.ts';
import { things } from './things.ts';

let fleet: Awaited<ReturnType<typeof testFleet>>;
let running: SubgraphOnFleet<Record<string, never>>;

beforeAll(async () => {
  fleet = await testFleet({ name: 'starting', shards: 2 });
  running = await startOnFleet(things, fleet);
});

afterAll(async () => {
  await running?.stop();
  await fleet?.stop();
});

test('a subgraph refuses to start on a shard that is behind, and says which', async () => {
  const newer = { ...things, migrations: [...things.migrations, { name: '0002-more', statements: ['select 2'] }] };
  const { environment } = running;
  await expect(startSubgraph(newer, { environment })).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/shard-1[\s\S]*0002-more/),
  });
});

test('metrics have a port of their own when there is one for them', async () => {
  const copy = await running.startCopy({ environment: { WEFT_METRICS_PORT: '0' } });
  try {
    expect((await fetch(`${copy.service.url}/metrics`)).status).toBe(404);
    expect(await (await fetch(copy.service.metricsUrl ?? '')).text()).toContain('database_shard_up');
  } finally {
    await copy.stop();
  }
});

test('with a shard down it starts, is ready and serves; with all of them down it is not ready and does not start', async () => {
  const [first, second] = fleet.shards.map(({ primary }) => primary);
  if (first === undefined || second === undefined) throw new Error('two shards are needed');
  await fleet.kill(second);
  const copy = await running.startCopy();
  try {
    expect((await fetch(`${copy.service.url}/health/ready`)).status).toBe(200);
    expect((await copy.call({ query: '{ hello }' })).data).toEqual({ hello: 'world' });
    await waitFor(
      async () => {
        const metrics = await (await fetch(`${copy.service.url}/metrics`)).text();
        return ['database_shard_up{shard="shard-1"} 1', 'database_shard_up{shard="shard-2"} 0'].every((line) =>
          metrics.includes(line),
        );
      },
      { what: 'the metrics of the shard that is up and of the one that is down' },
    );
  } finally {
    await copy.stop();
  }
  const ready = async () => (await fetch(`${running.service.url}/health/ready`)).status;
  await fleet.kill(first);
  try {
    await waitFor(async () => (await ready()) === 503, { what: 'the running copy to say that no shard answers' });
    await expect(startSubgraph(things, { environment: running.environment })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/shard-1[\s\S]*shard-2/),
    });
  } finally {
    await fleet.start(first);
    await fleet.start(second);
  }
  await waitFor(async () => (await ready()) === 200, { what: 'the running copy to be ready again' });
});

test('a port that is in use is told in one sentence', async () => {
  const environment = { ...running.environment, WEFT_PORT: String(running.service.port) };
  await expect(startSubgraph(things, { environment })).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining(String(running.service.port)),
  });
});

test('a worker has health and metrics, and nothing else', async () => {
  const worker = await startWorker(things, { environment: running.environment });
  try {
    expect((await fetch(`${worker.url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${worker.url}/metrics`)).status).toBe(200);
    expect((await fetch(`${worker.url}/graphql`, { method: 'POST' })).status).toBe(404);
  } finally {
    await worker.stop();
  }
});

test('the operation is a child of the span that the gateway sent', async () => {
  const receiver = await startOtlpReceiver();
  const copy = await running.startCopy({ environment: { WEFT_OTLP_URL: receiver.url } });
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await copy.call({ query: 'query Greet { hello }', headers: { traceparent } });
  await copy.stop();
  const span = receiver.spans().find(({ name }) => name === 'subgraph.operation');
  expect(span).toMatchObject({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    parentSpanId: 'b7ad6b7169203331',
    attributes: { 'weft.subgraph': 'things', 'graphql.operation.name': 'Greet', 'http.response.status_code': 200 },
  });
  await receiver.stop();
});

async function withYaml(yaml: string, use: (subgraph: { name: string; directory: URL }) => void): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-test-settings-'));
  try {
    await writeFile(join(directory, 'subgraph.yaml'), yaml);
    use({ name: 'things', directory: pathToFileURL(`${directory}/`) });
  } finally {
    await rm(directory, { recursive: true });
  }
}

test('an unknown key, a wrong unit and the yaml of another subgraph are refused with their places', async () => {
  const load = (subgraph: { name: string; directory: URL }) => loadSubgraphSettings(subgraph, running.environment);
  const rest = 'owner: team\nport: 1\nslo:\n  availability: 99\n  latencyP99: 1s\n';
  await withYaml(`name: things\n${rest}cahce:\n  size: 1MiB\n`, (subgraph) => {
    expect(() => load(subgraph)).toThrow(/subgraph\.yaml:7:1[\s\S]*cahce[\s\S]*cache/);
  });
  await withYaml(`name: things\n${rest}cache:\n  size: 12\n`, (subgraph) => {
    expect(() => load(subgraph)).toThrow(/cache\.size[\s\S]*unit/);
  });
  await withYaml(`name: others\n${rest}`, (subgraph) => {
    expect(() => load(subgraph)).toThrow(/others.*things/);
  });
});

test('a resolver without a field and an entity without a way in are told when the subgraph is defined', () => {
  const faulty = () => defineSubgraph({ ...things, resolvers: { Query: { helo: () => '' }, Thin: {} } });
  expect(faulty).toThrow(/Query\.helo[\s\S]*Thin[\s\S]*Thing\.__resolveReference/);
});
