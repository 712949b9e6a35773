import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { loadSupergraph } from '@weft/supergraph';
import { parse, validate } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { CHECK_CODES, checkFiles, composeFiles, printReport, RULES } from '../src/index.ts';

const directory = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const operationFiles = readdirSync(new URL('../operations', import.meta.url));

test('the committed supergraph is what the subgraphs compose to; if not, run `npm run weft compose`', () => {
  const composition = composeFiles({ config: 'schema/subgraphs.yaml', directory });
  if ('errors' in composition) throw new Error(JSON.stringify(composition.errors, null, 2));
  expect(read('supergraph.graphql') === composition.supergraphSdl).toBe(true);
});

test('the check of this repo passes', async () => {
  const report = await checkFiles({ config: 'schema/subgraphs.yaml', directory });
  expect(printReport(report)).toMatch(/\n?PASS {2}\d+ subgraphs compose and the gateway loads the result; /);
  expect(report.subgraphs).toEqual(expect.arrayContaining(['accounts', 'products', 'inventory', 'reviews', 'orders']));
});

test.each(operationFiles)('%s is valid, has one operation, and says in its first line what it shows', (file) => {
  const text = read(`operations/${file}`);
  const document = parse(text);
  expect(text).toMatch(/^# [A-Z].{20,140}\.\n/);
  expect(document.definitions.filter(({ kind }) => kind === 'OperationDefinition').length).toBe(1);
  expect(validate(loadSupergraph(read('supergraph.graphql')).schema, document)).toEqual([]);
});

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly run?: string; readonly uses?: string }[] }>
  >;
}

test.each(readdirSync(new URL('../../.github/workflows', import.meta.url)))(
  'the steps of %s are scripts that can be run, and that .ci/run runs too',
  (file) => {
    const { jobs } = parseYaml(read(`../.github/workflows/${file}`)) as Workflow;
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const scripts = steps.flatMap(({ run }) => /\.ci\/[\w-]+/.exec(run ?? '') ?? []);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) {
      accessSync(new URL(`../../${script}`, import.meta.url), constants.X_OK);
      if (script !== '.ci/run') expect(read('../.ci/run')).toContain(`\n${script} `);
    }
    for (const { run, uses } of steps) expect(Number(run !== undefined) + Number(uses !== undefined)).toBe(1);
  },
);

test('docs/guides/what-a-check-decides.md has the table as it is', () => {
  const rows = Object.entries(RULES).map(
    ([rule, { what, used, unused, unknown }]) => `| ${rule} | ${what} | ${used} | ${unused} | ${unknown} |`,
  );
  expect(read('../docs/guides/what-a-check-decides.md')).toContain(`${rows.join('\n')}\n\n`);
});

test('every code that a check can tell is explained', () => {
  const sources = readdirSync(new URL('../src', import.meta.url), { recursive: true, encoding: 'utf8' });
  const texts = sources.filter((file) => /(?<!\.test)\.ts$/.test(file)).map((file) => read(`src/${file}`));
  const told = texts.flatMap((text) => [
    ...[...text.matchAll(/code: '([A-Z_]+)'/g)].map(([, code = '']) => code),
    ...[...text.matchAll(/(?:operationProblem|toApprove)\('([A-Z_]+)'/g)].map(([, code = '']) => code),
  ]);
  expect(new Set(told).size).toBeGreaterThan(12);
  expect(told.filter((code) => !Object.hasOwn(CHECK_CODES, code))).toEqual([]);
});
