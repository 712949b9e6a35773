import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { main } from '../src/index.ts';
import { copyOfRepo, execute, linkDependencies, REPO, typecheck } from './repo-copy.ts';
import { runWeft } from './run-weft.ts';

const copy = copyOfRepo();
afterAll(() => rmSync(copy, { recursive: true }));

/** Runs the test script of its package.json. */
async function runItsTests(folder: string): Promise<string> {
  const script = (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: { test: string } })
    .scripts.test;
  const [, ...args] = script.split(' ');
  const { stderr } = await execute(process.execPath, args, { cwd: folder });
  return stderr;
}

test('a new subgraph composes, typechecks, is formatted, and passes its own test on real Postgres', async () => {
  const asked = 'subgraph wishlists';
  expect(readFileSync(join(REPO, 'docs/guides/add-a-subgraph.md'), 'utf8')).toContain(`\nnpm run -s new -- ${asked}\n`);
  const { code, out, progress } = await runWeft(copy, 'new', ...asked.split(' '));
  expect([code, progress.split('\n')[1]]).toEqual([
    0,
    'The subgraph wishlists with the entity Wishlist is there, on port 4106. Next:',
  ]);
  for (const file of out.trim().split('\n')) expect([file, existsSync(join(copy, file))]).toEqual([file, true]);

  const folder = linkDependencies(copy, 'wishlists');
  await execute(
    join(REPO, 'node_modules/.bin/biome'),
    ['check', 'subgraphs/wishlists', 'schema/subgraphs.yaml', 'tsconfig.json'],
    { cwd: copy },
  );
  await typecheck(folder);
  expect(await runItsTests(folder)).toMatch(/Tests: +3 passed, 3 total/);

  const check = await runWeft(copy, 'check');
  expect([check.code, check.out]).toEqual([
    0,
    expect.stringMatching(/\nPASS {2}6 subgraphs compose .* 0 changes of the API\b.*\n$/),
  ]);
  const project = readFileSync(join(copy, 'tsconfig.json'), 'utf8');
  expect(project).toContain('"path": "subgraphs/wishlists"');
  expect(project).toContain('"path": "subgraphs/wishlists/tsconfig.test.json"');
  expect(readFileSync(join(copy, 'schema/subgraphs.yaml'), 'utf8')).toMatch(
    /^# The subgraphs of the marketplace[\s\S]* {2}wishlists:\n/,
  );
});

test('a natural key is text, and its rows lie by its hash', async () => {
  const { code } = await runWeft(copy, 'new', 'subgraph', 'coupons', '--entity', 'GiftCoupon', '--key', 'code');
  expect(code).toBe(0);
  const folder = linkDependencies(copy, 'coupons');
  expect(readFileSync(join(folder, 'src/loaders/gift-coupon-by-code.ts'), 'utf8')).toContain('route: byText');
  await typecheck(folder);
});

test.each([
  ['products --entity Thing', 'weft new: there is a subgraph products already, in schema/subgraphs.yaml.'],
  [
    'things --entity Product',
    'weft new: the type Product is defined already, in subgraphs/products/schema.graphql. Choose another --entity; how a subgraph adds fields to an entity of another one is in docs/guides/add-a-field.md.',
  ],
  [
    'Things --entity Thing',
    'weft new: the name of the subgraph: read "Things". Allowed: small letters and digits, a letter first, 2 to 30, as in wishlists.',
  ],
  [
    'order --entity Thing',
    'weft new: the name of the subgraph: read "order". Allowed: a word that Postgres does not use itself; it is the name of a schema.',
  ],
  [
    'things --entity thing',
    'weft new: --entity: read "thing". Allowed: a type name: letters and digits, a capital first, as in Wishlist.',
  ],
  ['things --entity Query', 'weft new: --entity: read "Query". Allowed: a type that GraphQL does not use itself.'],
  ['queries', 'weft new: --entity: read "Query". Allowed: a type that GraphQL does not use itself.'],
  [
    'things --entity Thing --key a.b',
    'weft new: --key: read "a.b". Allowed: one field: small letters and digits, as in id or sku.',
  ],
])('weft new subgraph %s is refused, and nothing is written', async (args, text) => {
  const list = readFileSync(join(copy, 'schema/subgraphs.yaml'), 'utf8');
  const said: string[] = [];
  const terminal = { directory: copy, out: () => undefined, progress: (line: string) => void said.push(line) };
  expect([await main(['new', 'subgraph', ...args.split(' ')], terminal), said]).toEqual([2, [text]]);
  expect(existsSync(join(copy, 'subgraphs/things'))).toBe(false);
  expect(readFileSync(join(copy, 'schema/subgraphs.yaml'), 'utf8')).toBe(list);
});

test('a root field that another subgraph has is refused before anything is written', async () => {
  const { code, progress } = await runWeft(copy, 'new', 'subgraph', 'things', '--entity', 'Me');
  expect([code, progress.split('\n').slice(0, 3)]).toEqual([
    2,
    [
      'weft new: nothing was written, for the graph would not compose with it.',
      expect.stringMatching(
        /^error REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH {2}Argument "Query\.me\(id:\)" is required/,
      ),
      '  subgraphs/things/schema.graphql:21:6',
    ],
  ]);
  expect(existsSync(join(copy, 'subgraphs/things'))).toBe(false);
});
