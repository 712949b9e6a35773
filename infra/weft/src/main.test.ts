import { expect, test } from '@jest/globals';
import { COMMANDS } from './command-list.ts';
import { main } from './main.ts';
import { readArguments } from './read-arguments.ts';

async function weft(...args: readonly string[]) {
  const said = { out: [] as string[], progress: [] as string[] };
  const code = await main(args, {
    directory: new URL('.', import.meta.url).pathname,
    out: (text) => void said.out.push(text),
    progress: (text) => void said.progress.push(text),
  });
  return { code, out: said.out.join('\n'), progress: said.progress.join('\n') };
}

test('--version is the version of the repo', async () => {
  expect(await weft('--version')).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+$/), progress: '' });
});

test('help names every command, and exits 0', async () => {
  const { code, out } = await weft();
  expect(code).toBe(0);
  for (const name of Object.keys(COMMANDS)) expect(out).toContain(`\n  ${name} `);
  expect(await weft('help')).toEqual(await weft('--help'));
  expect(await weft('help', 'check')).toEqual(await weft('check', '--help'));
});

/** Exit 2, nothing on stdout, one line without a stack. */
test.each([
  [['chekc'], 'weft: there is no command "chekc". Did you mean "weft check"?'],
  [['difff'], `weft: there is no command "difff". Known: ${Object.keys(COMMANDS).join(', ')}.`],
  [['constructor'], `weft: there is no command "constructor". Known: ${Object.keys(COMMANDS).join(', ')}.`],
  [['check', '--fromat', 'json'], 'weft check: unknown option --fromat; did you mean --format? See weft check --help.'],
  [
    ['check', '--zzz'],
    'weft check: unknown option --zzz; known: --config, --base, --changed, --operations, --usage, --since, --approvals, --plans, --strict, --format, --out. See weft check --help.',
  ],
  [['jobs', 'lst'], 'weft jobs: read "lst". Allowed: list, retry, drop.'],
  [['jobs', 'retry'], 'weft jobs retry: name at least one id, or --all; weft jobs list shows them.'],
  [['jobs', 'drop', '--all'], 'weft jobs drop: --all is for retry; name what to drop.'],
  [['check', '--base'], "weft check: Option '--base <value>' argument missing. See weft check --help."],
  [
    ['compose', '--base', 'x'],
    'weft compose: unknown option --base; known: --config, --out, --contract, --urls. See weft compose --help.',
  ],
  [
    ['check', 'prodcts', '--config', '../../../schema/subgraphs.yaml'],
    'weft check: there is no subgraph prodcts in ../../../schema/subgraphs.yaml. Known: accounts, products, inventory, reviews, orders.',
  ],
  [
    ['check', 'products=nope.graphql', '--config', '../../../schema/subgraphs.yaml'],
    'weft check: there is no file nope.graphql. Allowed: a file with an SDL, or - for stdin.',
  ],
  [['check', '--since', 'soon'], '--since: read "soon". Allowed: days or hours, as in 30d or 12h.'],
  [['check', '--out', 'xml=x'], '--out: read "xml". Allowed: pretty, json, github, markdown, sarif, junit.'],
  [['check', '--out', 'x'], '--out: read "x". Allowed: NAME=FILE, as in sarif=check.sarif.'],
  [
    ['check', '--config', '../../../schema/subgraphs.yaml', '--changed', 'nope'],
    '--changed: read "nope", but git knows no commit that it and HEAD have in common.',
  ],
  [
    ['check', '--config', '../../../schema/subgraphs.yaml', '--usage', 'nope'],
    '--usage: read "nope", but there is no such file.',
  ],
  [
    ['approve', 'x', '--reason', 'r', '--until', '7d'],
    'weft approve: read "x". Allowed: a fingerprint, 16 hex digits.',
  ],
  [['approve', '0123456789abcdef', '--until', '7d'], 'weft approve: why? Say it with --reason.'],
  [['approve', '0123456789abcdef', '--reason', 'r'], '--until: read "". Allowed: days, 1d to 90d.'],
  [['check', '--format', 'xml'], '--format: read "xml". Allowed: pretty, json, github, markdown, sarif, junit.'],
  [['check'], 'The list of subgraphs schema/subgraphs.yaml cannot be read: there is no such file.'],
  [['compose', '--urls', 'x'], '--urls: read "x". Allowed: NAME=URL, as in products=http://127.0.0.1:5001/graphql.'],
  [
    ['compose', '--config', '../../../schema/subgraphs.yaml', '--urls', 'x=http://x'],
    'There is no subgraph x. Known: accounts, products, inventory, reviews, orders.',
  ],
  [
    ['check', '--config', '../../../schema/subgraphs.yaml', '--base', 'nope'],
    '--base: read "nope", but there is no such file. Allowed: a supergraph file, or git:REF.',
  ],
  [
    ['check', '--config', '../../../schema/subgraphs.yaml', '--operations', 'nope'],
    '--operations: read "nope", but there is no such folder. Allowed: a folder with *.graphql files.',
  ],
  [
    ['explain', 'SHARD_UNAVAILBLE'],
    'weft explain: there is no code "SHARD_UNAVAILBLE". Did you mean SHARD_UNAVAILABLE?',
  ],
  [['explain', '--name', 'x'], 'weft explain: --name is about an operation; name its file with --operation.'],
  [['explain', 'D1', '--operation', 'x'], 'weft explain: read "D1" beside --operation; ask for one of them.'],
  [['explain', '--operation', 'nope'], '--supergraph: read "schema/supergraph.graphql", but there is no such file.'],
  [['gateway'], 'weft gateway: which supergraph? Name it with --supergraph FILE, or in a file with --config.'],
  [
    ['gateway', '--supergraph', 'x', '--port', '99999'],
    '--port: read "99999". Allowed: a whole number from 0 to 65535.',
  ],
  [['gateway', '--supergraph', 'x', '--port', '-1'], '--port: read "-1". Allowed: a whole number from 0 to 65535.'],
  [['token', '--hours', '-1'], '--hours: read "-1". Allowed: a number up to 720.'],
  [['token', '--hours', '0'], '--hours: read "0". Allowed: a number up to 720.'],
  [
    ['token', '--data', '/nonexistent'],
    'There is no signing key in /nonexistent: start the graph once with npm start, then ask again.',
  ],
  [
    ['new', 'subgraph'],
    'weft new: something is missing: weft new subgraph NAME [--entity TYPE] [--key FIELD]. See weft new --help.',
  ],
  [['new', 'gateway', 'x'], 'weft new: read "gateway". Allowed: subgraph.'],
  // The name says the entity; without a list of subgraphs there is nothing to add it to.
  [['new', 'subgraph', 'x1'], 'weft new: there is no schema/subgraphs.yaml here. Run it in the root of the repo.'],
])('weft %j is bad input', async (args, text) => {
  expect(await weft(...args)).toEqual({ code: 2, out: '', progress: text });
});

test('a file that cannot be written is named', async () => {
  const list = '../../../schema/subgraphs.yaml';
  const { code, progress } = await weft('compose', '--config', list, '--out', 'no/such/folder');
  expect([code, progress.split('\n').at(-1)]).toEqual([2, '--out: no/such/folder cannot be written (ENOENT).']);
});

test('explain tells what a code means, however it is written', async () => {
  expect(await weft('explain', 'shard_unavailable')).toEqual({
    code: 0,
    out:
      'SHARD_UNAVAILABLE\n  The rows asked for live on a database shard that cannot be read now.\n' +
      '  The same request may work after a while.\n  HTTP 503 when the answer has no data.',
    progress: '',
  });
});

test('explain knows codes of composition and of checks, and the rules of the check', async () => {
  const said = async (code: string) => (await weft('explain', code)).out;
  expect(await said('key_invalid_fields')).toMatch(
    /^KEY_INVALID_FIELDS\n {2}The `fields` argument of a `@key` .*\n {2}Of composition: /,
  );
  expect(await said('PLAN_GETS_WORSE')).toMatch(
    /^PLAN_GETS_WORSE\n {2}The query plan of an operation has more fetches/,
  );
  expect(await said('E1')).toMatch(
    /^E1\n {2}Somebody may see more: .*\n {2}Used: error; unused: error; .*\n {2}Only an approval/,
  );
});

test.each(Object.keys(COMMANDS))('%s has a help with examples that its own options accept', async (name) => {
  const command = await COMMANDS[name]?.load();
  if (command === undefined || command.passThrough !== undefined) return;
  const { code, out } = await weft(name, '--help');
  expect(code).toBe(0);
  expect(out.startsWith(`Usage: weft ${name}`)).toBe(true);
  expect(command.examples.length).toBeGreaterThan(0);
  for (const example of command.examples) {
    const words = example.replace(/^([A-Z_]+=\S+ )*/, '').split(' ');
    expect(words.slice(0, 2)).toEqual(['weft', name]);
    await readArguments(name, command, words.slice(2));
  }
});
