import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { createTelemetry } from '@weft/telemetry';
import { waitFor } from '@weft/testing';
import { bytesOverTexts } from '../src/execution/program/call-bytes.ts';
import { buildGeneration, type GatewayGeneration } from '../src/generation.ts';
import { toGatewayConfig } from '../src/index.ts';
import { createCacheHints } from '../src/operation/cache-policy.ts';
import { openSupergraph } from '../src/supergraph/source.ts';
import { compose, products, reviews } from './shop.ts';

const SWAPS = 10;
const QUERY = '{ products { id name } }';

test('supergraphs that serve nobody any more are freed, with all that was made for them', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const directory = await mkdtemp(join(tmpdir(), 'weft-freed-'));
  const file = join(directory, 'supergraph.graphql');
  const sdl = compose([products, reviews], {});
  const version = (n: number) => sdl.replace('type Query', `"""Version ${n}"""\ntype Query`);
  await writeFile(file, version(0));
  const config = toGatewayConfig({ engine: 'weft', supergraph: { file } });
  const telemetry = createTelemetry({ service: 'test', logLevel: 'silent' });
  const call = async () => ({ status: 200, cacheControl: undefined, text: '{"data":{"products":[]}}' });
  const made: WeakRef<GatewayGeneration>[] = [];
  let stopped = 0;
  const source = await openSupergraph<GatewayGeneration>({
    file,
    pollMs: 60_000,
    telemetry,
    async build(text) {
      const generation = await buildGeneration(text, { config, telemetry, call, callBytes: bytesOverTexts(call) });
      made.push(new WeakRef(generation));
      return generation;
    },
    async prepare(next, before) {
      const bounds = { signal: new AbortController().signal, deadlineMs: performance.now() + 10_000 };
      expect(await next.warm(before.used(10), bounds)).toBe(1);
    },
    onStopped: () => (stopped += 1),
  });
  for (let n = 1; n <= SWAPS; n += 1) {
    await ask(source.generations.lease());
    await writeFile(file, version(n));
    await source.reload();
  }
  await waitFor(() => stopped === SWAPS, { what: 'the ends of the generations before' });
  const living = async (): Promise<number> => {
    await delay(0); // a WeakRef that was looked at lives until the end of its turn
    gc();
    return made.filter((one) => one.deref() !== undefined).length;
  };
  await waitFor(async () => (await living()) <= 2, { timeoutMs: 5_000, what: 'all but the last two to be freed' });
  await source.stop();
  await rm(directory, { recursive: true });
});

async function ask({ generation, release }: { readonly generation: GatewayGeneration; release(): void }) {
  const answer = await generation.host.answer({ method: 'POST', query: QUERY } as never, {
    user: null,
    forwardedHeaders: {},
    signal: new AbortController().signal,
    deadlineMs: performance.now() + 30_000,
    cacheHints: createCacheHints(),
  });
  expect(answer.status).toBe(200);
  release();
}
