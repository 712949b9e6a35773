import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { main } from '../src/index.ts';
import { REPO } from './repo-copy.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'weft-explain-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const SUPERGRAPH = join(REPO, 'schema/supergraph.graphql');

async function explain(text: string, ...flags: readonly string[]) {
  writeFileSync(join(directory, 'it.graphql'), text);
  const said = { out: [] as string[], progress: [] as string[] };
  const code = await main(['explain', '--operation', 'it.graphql', '--supergraph', SUPERGRAPH, ...flags], {
    directory,
    out: (line) => void said.out.push(line),
    progress: (line) => void said.progress.push(line),
  });
  return { code, out: said.out.join('\n'), progress: said.progress.join('\n') };
}

test('a plan shows each request, what it waits for and the entities that it completes', async () => {
  const { code, out } = await explain(
    'query Page($sku: String!) { productBySku(sku: $sku) { name rating } userByUsername(username: "ada") { name } }',
  );
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'query Page: 3 requests in 2 rounds',
    'Runs as generated code over bytes.',
    '',
    '1  products  at once',
    '   passes on $sku',
    expect.stringMatching(/^ {3}query \w+\(\$sku: String!\) \{$/),
    '     productBySku(sku: $sku) {',
    '       __typename',
    '       id',
    '       name',
    '     }',
    '   }',
    '',
    '2  reviews  after 1',
    '   completes productBySku, by Product { __typename id }',
    expect.stringMatching(/^ {3}query \w+\(\$representations: \[_Any!\]!\) \{$/),
    '     _entities(representations: $representations) {',
    '       ... on Product {',
    '         rating',
    '       }',
    '     }',
    '   }',
    '',
    '3  accounts  at once',
    expect.stringMatching(/^ {3}query \w+ \{$/),
    '     userByUsername(username: "ada") {',
    '       name',
    '     }',
    '   }',
  ]);
});

test('--code prints the generated program, and --name picks one of several operations', async () => {
  const both = 'query One { categories { id } } query Two { categories { name } }';
  const { code, out } = await explain(both, '--name', 'Two', '--code');
  expect(code).toBe(0);
  expect(out).toMatch(/^query Two: 1 request\n/);
  expect(out).toMatch(/\nfunction \w+\(arena, /);
  expect((await explain(both)).progress).toBe('it.graphql has 2 operations: say which with --name: One, Two.');
  expect((await explain(both, '--name', 'Tow')).progress).toBe(
    '--name: read "Tow", but it.graphql has no such operation. Did you mean Two?',
  );
});

test('what cannot be planned is told with its place', async () => {
  expect(await explain('{\n  categories { nmae }\n}')).toEqual({
    code: 2,
    out: '',
    progress: 'it.graphql:2:16  Cannot query field "nmae" on type "Category". Did you mean "name"?',
  });
  expect((await explain('{ categories {')).progress).toMatch(/^it\.graphql:1:15 {2}Syntax Error/);
  expect((await explain('fragment F on Query { __typename }')).progress).toMatch(/Fragment "F" is never used/);
  const broken = join(directory, 'broken.graphql');
  writeFileSync(broken, 'type Query { a: Int }');
  expect(await explain('{ a }', '--supergraph', broken)).toMatchObject({ code: 2, out: '' });
});
