import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ERROR_CODES, isErrorCode, UserError } from '@weft/errors';
import type { Command, FlagValues, Terminal } from '../command.ts';

const RETRY = {
  later: 'The same request may work after a while.',
  changed: 'Only another request can work.',
} as const;

const SUPERGRAPH = 'schema/supergraph.graphql';

export const explainCommand: Command = {
  usage: '[CODE] | --operation FILE [--name NAME] [--supergraph FILE] [--code]',
  about:
    'Tells what a code means: of an answer (`extensions.code`), of composition, of a check, or a rule of the check (A ... G).\n' +
    'Without a code, all of them.\n' +
    'With --operation: how `engine: weft` runs an operation. Its requests, what each waits for, which entities it completes.\n' +
    'Nothing is sent. Where a plan depends on @skip or @include, it is the one for the default values of the variables.',
  flags: {
    operation: { type: 'string', value: 'FILE', help: 'A file with the operation.' },
    name: { type: 'string', value: 'NAME', help: 'Which operation, where the file has several.' },
    supergraph: { type: 'string', value: 'FILE', help: `The supergraph. Default: ${SUPERGRAPH}.` },
    code: { type: 'boolean', help: 'Print the program too that is generated for it.' },
  },
  words: { least: 0, most: 1 },
  examples: [
    'weft explain SHARD_UNAVAILABLE',
    'weft explain PLAN_GETS_WORSE',
    'weft explain D1',
    'weft explain',
    'weft explain --operation schema/operations/storefront.graphql',
    'weft explain --operation schema/operations/my-orders.graphql --name MyOrders --code',
  ],
  run,
};

async function run(flags: FlagValues, [given]: readonly string[], terminal: Terminal): Promise<number> {
  if (typeof flags.operation === 'string') {
    if (given !== undefined)
      throw new UserError(`weft explain: read "${given}" beside --operation; ask for one of them.`);
    return explainOperationIn(flags.operation, flags, terminal);
  }
  const alone = ['name', 'supergraph', 'code'].find((flag) => flags[flag] !== undefined);
  if (alone !== undefined)
    throw new UserError(`weft explain: --${alone} is about an operation; name its file with --operation.`);
  const texts = await explanations();
  if (given === undefined) {
    const width = Math.max(...[...texts.keys()].map((code) => code.length));
    terminal.out([...texts].map(([code, [meaning]]) => `${code.padEnd(width)}  ${meaning}`).join('\n'));
    return 0;
  }
  const code = given.toUpperCase();
  const text = texts.get(code);
  if (text === undefined) {
    const { nearestKey } = await import('@weft/config');
    const near = nearestKey(code, [...texts.keys()], []);
    const meant = near === undefined ? 'weft explain lists all.' : `Did you mean ${near}?`;
    throw new UserError(`weft explain: there is no code "${given}". ${meant}`);
  }
  terminal.out([code, ...text.map((line) => `  ${line}`)].join('\n'));
  return 0;
}

async function explainOperationIn(file: string, flags: FlagValues, terminal: Terminal): Promise<number> {
  const { explainOperation } = await import('@weft/gateway');
  const supergraph = String(flags.supergraph ?? SUPERGRAPH);
  const explained = await explainOperation({
    supergraphSdl: textOf('--supergraph', supergraph, terminal),
    text: textOf('--operation', file, terminal),
    file,
    name: typeof flags.name === 'string' ? flags.name : undefined,
  });
  terminal.out(explained.plan);
  if (flags.code === true) terminal.out(`\n${explained.code ?? 'No code is generated for it.'}`);
  return 0;
}

function textOf(flag: string, file: string, { directory }: Terminal): string {
  try {
    return readFileSync(resolve(directory, file), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new UserError(`${flag}: read "${file}", but ${reason}.`);
  }
}

/** The lines about each code, the meaning first. */
async function explanations(): Promise<Map<string, readonly string[]>> {
  const { CHECK_CODES, compositionCodes, hintCodes, RULES } = await import('@weft/schema');
  const texts = new Map<string, readonly string[]>();
  for (const code of Object.keys(ERROR_CODES).filter(isErrorCode)) {
    const { status, retry, meaning } = ERROR_CODES[code];
    texts.set(code, [meaning, RETRY[retry], `HTTP ${status} when the answer has no data.`]);
  }
  for (const [code, meaning] of compositionCodes()) {
    texts.set(code, [oneLine(meaning), 'Of composition: subgraphs with it do not compose.']);
  }
  for (const [code, meaning] of hintCodes())
    texts.set(code, [oneLine(meaning), 'A hint of composition: it composes all the same.']);
  for (const [code, { meaning, cure }] of Object.entries(CHECK_CODES)) texts.set(code, [meaning, cure]);
  for (const [rule, { what, used, unused, unknown }] of Object.entries(RULES)) {
    const decides = `Used: ${used}; unused: ${unused}; where nobody knows: ${unknown}.`;
    texts.set(rule, [`${what[0]?.toUpperCase()}${what.slice(1)}.`, decides, ...(isApprovable(rule) ? [APPROVE] : [])]);
  }
  return texts;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

const APPROVE = 'Only an approval turns it green: weft approve FINGERPRINT --reason "..." --until 7d.';

function isApprovable(rule: string): boolean {
  return rule === 'D3' || rule === 'E1';
}
