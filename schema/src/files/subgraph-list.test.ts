import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { UserError } from '@weft/errors';
import { readSubgraphs } from './subgraph-list.ts';

const directory = mkdtempSync(join(tmpdir(), 'weft-list-'));
afterAll(() => rmSync(directory, { recursive: true }));

function complaintOf(text: string): string {
  writeFileSync(join(directory, 'list.yaml'), text);
  try {
    readSubgraphs('list.yaml', { directory });
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'it is read';
}

test('subgraphs are read in the order of the file, with other addresses where they are given', () => {
  writeFileSync(join(directory, 'b.graphql'), 'type Query { b: Int }');
  writeFileSync(join(directory, 'a.graphql'), 'type Query { a: Int }');
  const entry = (name: string) => `  ${name}:\n    schema: ${name}.graphql\n    url: http://${name}.test/graphql\n`;
  writeFileSync(join(directory, 'list.yaml'), `subgraphs:\n${entry('b')}${entry('a')}`);
  expect(readSubgraphs('list.yaml', { directory, urls: { a: 'http://127.0.0.1:1/' } })).toEqual([
    { name: 'b', url: 'http://b.test/graphql', file: 'b.graphql', sdl: 'type Query { b: Int }' },
    { name: 'a', url: 'http://127.0.0.1:1/', file: 'a.graphql', sdl: 'type Query { a: Int }' },
  ]);
  expect(() => readSubgraphs('list.yaml', { directory, urls: { c: 'http://c.test' } })).toThrow(
    'There is no subgraph c. Known: b, a.',
  );
});

test('every SDL file that is missing is named, with its key', () => {
  const text =
    'subgraphs:\n  x:\n    schema: x.graphql\n    url: http://x\n  y:\n    schema: ../y\n    url: http://y\n';
  expect(complaintOf(text)).toBe(
    'list.yaml: subgraphs.x.schema: read "x.graphql", but there is no file x.graphql. ' +
      'Allowed: the path of a file with the SDL, relative to this file.\n' +
      'list.yaml: subgraphs.y.schema: read "../y", but there is no file ../y. ' +
      'Allowed: the path of a file with the SDL, relative to this file.',
  );
});

test('a name that is there twice, is not allowed, or has unknown keys is told with its line and column', () => {
  const x = 'schema: x.graphql, url: "http://x"';
  expect(complaintOf(`subgraphs:\n  x: { ${x} }\n  x: { ${x} }\n`)).toMatch(
    /list\.yaml:3:3 .* map keys must be unique/,
  );
  expect(complaintOf(`subgraphs:\n  X y: { ${x} }\n`)).toMatch(
    /list\.yaml:2:8 {2}subgraphs\.X y: .*the name of a subgraph is a small letter, then small letters, digits/,
  );
  expect(complaintOf(`subgraphs:\n  x: { ${x.replace('schema', 'schma')} }\n`)).toMatch(
    /list\.yaml:2:8 {2}subgraphs\.x\.schma: unknown key; did you mean "schema"\?/,
  );
  expect(complaintOf(`subgraphs:\n  x: { schema: x.graphql, url: 4000 }\n`)).toMatch(
    /list\.yaml:2:32 {2}subgraphs\.x\.url: read 4000; not an address/,
  );
  expect(complaintOf('subgraphs: {}\n')).toMatch(/list\.yaml:1:12 {2}subgraphs: .*at least one subgraph is needed/);
});

test('a list that is not there is named', () => {
  expect(() => readSubgraphs('nope.yaml', { directory })).toThrow(
    'The list of subgraphs nope.yaml cannot be read: there is no such file.',
  );
});
