import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDataFolder } from './data-folder.ts';

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'weft-folder-'));
});
afterAll(() => rm(parent, { recursive: true }));

test('folders that are missing are made, and a second start finds them', async () => {
  const directory = join(parent, 'one/two');
  for (const fresh of [false, true]) {
    const folder = await openDataFolder(directory, { fresh });
    expect(existsSync(folder.secrets)).toBe(true);
    await folder.lock.release();
  }
});

test('a place where no folder can be made is told in one sentence, and soon', async () => {
  await writeFile(join(parent, 'file'), '');
  for (const place of ['/proc/nope/deeper', '/proc/nope', join(parent, 'file'), join(parent, 'file/below')]) {
    await expect(openDataFolder(place, { fresh: false })).rejects.toThrow(
      new RegExp(`^The data folder ${place} cannot be written \\(.+\\)\\. Name another one with --data\\.$`),
    );
  }
});
