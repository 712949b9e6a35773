import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { COMMANDS } from '../src/command-list.ts';
import { REPO } from './repo-copy.ts';

/** Paths from the root of all files that are ours. */
const FILES = ['docs', 'gateway', 'infra', 'schema', 'shared', 'subgraphs'].flatMap(filesIn);

function filesIn(folder: string): string[] {
  return readdirSync(join(REPO, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return /^(node_modules|dist|\..*)$/.test(entry.name) ? [] : filesIn(path);
    return [path];
  });
}

const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'SECURITY.md', ...FILES.filter((file) => file.endsWith('.md'))];

const textOf = (document: string): string => readFileSync(join(REPO, document), 'utf8');
/** What a reader adds is not there yet: the subgraph of the guide, and files that count "when it is there". */
const withoutAdded = (text: string): string => text.replace(/.*(wishlist|when it is there).*/gi, '');

test.each(DOCUMENTS)('every link of %s leads somewhere', (document) => {
  const links = [...textOf(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link = '']) => link);
  const dead = links.filter((link) => !existsSync(join(REPO, dirname(document), link)));
  expect(dead).toEqual([]);
});

/** From the root, or the end of a path where the text says what folder it is about: `src/worker.ts`. */
const isThere = (path: string): boolean =>
  path.startsWith('.data/') || // made by `npm start`
  existsSync(join(REPO, path)) ||
  FILES.some((file) => file.endsWith(`/${path}`) || file.includes(`/${path.replace(/\/$/, '')}/`));

test.each(DOCUMENTS)('every file that %s names is there', (document) => {
  const code = [...withoutAdded(textOf(document)).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
  const paths = code.filter((text) => /^[\w.-]+(\/[\w.-]+)+(\.\w+|\/)$/.test(text));
  expect(paths.filter((path) => !isThere(path))).toEqual([]);
});

/** Of npm and pnpm themselves. */
const BUILT_IN = ['install', 'ci', 'exec', 'run', 'test', 'start'];

test.each(DOCUMENTS)('every command that %s names exists', (document) => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const text = textOf(document);
  const named = [
    ...text.matchAll(/\b(?:npm run|pnpm)(?: -s)? ([a-z][\w-]*)/g),
    ...text.matchAll(/^(?:npm|npx --yes pnpm@\S+) ([a-z][\w-]*)/gm),
  ].map(([, name = '']) => name);
  expect(named.filter((name) => !Object.hasOwn(scripts, name) && !BUILT_IN.includes(name))).toEqual([]);
  const commands = [...text.matchAll(/(?:`weft|\bweft --|\brun -s weft) ([a-z]+)\b/g)].map(([, name = '']) => name);
  expect(commands.filter((name) => name !== 'help' && !Object.hasOwn(COMMANDS, name))).toEqual([]);
});
