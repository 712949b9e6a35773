import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTelemetry } from '@weft/telemetry';
import type { Generation } from './generations.ts';
import { openSupergraph } from './source.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-source-'));
});
afterEach(() => rm(directory, { recursive: true }));

test.each(['build', 'prepare'] as const)('a stop during %s stops each supergraph once', async (step) => {
  const file = join(directory, 'supergraph.graphql');
  await writeFile(file, 'first');
  const stopped: string[] = [];
  const prepared: string[] = [];
  let reached: () => void = () => undefined;
  let goOn: () => void = () => undefined;
  const atStep = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const hold = async (): Promise<void> => {
    reached();
    await held;
  };
  const source = await openSupergraph<Generation>({
    file,
    pollMs: 60_000,
    telemetry: createTelemetry({ service: 'test', logLevel: 'silent' }),
    async build(id) {
      if (id === 'next' && step === 'build') await hold();
      return { id, stop: async () => void stopped.push(id) };
    },
    async prepare({ id }) {
      prepared.push(id);
      if (step === 'prepare') await hold();
    },
    onStopped: () => undefined,
  });
  await writeFile(file, 'next');
  const reloaded = source.reload();
  await atStep;
  await source.stop();
  goOn();
  await reloaded;
  expect(stopped).toEqual(['first', 'next']);
  expect(prepared).toEqual(step === 'build' ? [] : ['next']);
});
