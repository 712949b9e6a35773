import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ensureConsole } from './index.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-console-build-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('built when its inputs have changed, and then not again', async () => {
  const directory = join(folder, 'site');
  await mkdir(directory);
  await writeFile(join(directory, '.inputs'), 'of another version');
  const told: string[] = [];
  const ensure = () => ensureConsole({ directory, onProgress: (line) => told.push(line) });

  await ensure();
  expect(told).toEqual([
    'building the console (GraphiQL), once',
    expect.stringMatching(/^console built in \d+\.\d s$/),
  ]);
  const { mtimeMs } = await stat(join(directory, 'index.html'));

  await ensure();
  expect(told).toHaveLength(2);
  expect((await stat(join(directory, 'index.html'))).mtimeMs).toBe(mtimeMs);
  expect(await readdir(folder)).toEqual(['site']);
});

test('the page has no inline script and asks nobody else for anything', async () => {
  const { directory } = await ensureConsole();
  const html = await readFile(join(directory, 'index.html'), 'utf8');
  expect(html.match(/<script(?![^>]* src=)/g)).toBeNull();
  expect(html.match(/(?:src|href)="(?!\/console\/)/g)).toBeNull();
  const scripts = (await readdir(join(directory, 'assets'))).filter((name) => name.endsWith('.js'));
  expect(scripts.filter((name) => /worker/.test(name)).length).toBeGreaterThanOrEqual(3);
  for (const name of scripts)
    expect(await readFile(join(directory, 'assets', name), 'utf8')).not.toMatch(
      /unpkg\.com|jsdelivr|esm\.sh|googleapis/,
    );
});
