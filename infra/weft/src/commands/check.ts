import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '@weft/errors';
import type { Command, FlagValues, Terminal } from '../command.ts';
import { configFlag } from '../config-flag.ts';

const FORMAT_NAMES = 'pretty, json, github, markdown, sarif, junit';

export const checkCommand: Command = {
  usage: '[SUBGRAPH ...] [--base FILE|git:REF] [--changed BRANCH] [--format NAME] [--out NAME=FILE ...] [--strict]',
  about:
    'Composes the subgraphs, loads the result the way the gateway does, replays every known operation on it, and compares\n' +
    'plans, caching and who may see what. Fails (exit 1) on what docs/guides/what-a-check-decides.md says. No server is asked.\n' +
    'SUBGRAPH checks the change of that one alone, the others as they are out now; SUBGRAPH=FILE with that SDL, - is stdin.',
  flags: {
    config: configFlag,
    base: {
      type: 'string',
      value: 'FILE',
      help: 'A supergraph to compare with, or git:REF. Default: as committed where this branch left the main one.',
    },
    changed: { type: 'string', value: 'BRANCH', help: 'The branch that this one left. Default: the main one.' },
    operations: {
      type: 'string',
      value: 'DIR',
      help: 'Known operations, *.graphql, and trusted documents, *.json. Default: operations beside the list.',
    },
    usage: {
      type: 'string',
      value: 'FILE',
      help: 'Usage, newline-delimited JSON. Default: usage.ndjson beside the list.',
    },
    since: { type: 'string', value: 'TIME', help: 'Operations that were last seen longer ago are unused: 30d, 12h.' },
    approvals: { type: 'string', value: 'FILE', help: 'Default: approvals.yaml beside the list.' },
    plans: { type: 'boolean', help: 'Plan every operation, also those that touch nothing that changed.' },
    strict: { type: 'boolean', help: 'Warnings fail too.' },
    format: { type: 'string', value: 'NAME', help: `${FORMAT_NAMES}. Default: pretty.` },
    out: {
      type: 'string',
      multiple: true,
      value: 'NAME=FILE',
      help: 'Also write this format to a file; may be repeated.',
    },
  },
  examples: [
    'weft check',
    'weft check products --base git:origin/main',
    'weft check --format github --out sarif=check.sarif --out markdown=check.md',
  ],
  words: { least: 0, most: Number.POSITIVE_INFINITY },
  run,
};

async function run(flags: FlagValues, words: readonly string[], terminal: Terminal): Promise<number> {
  const { checkFiles, FORMATS, inWorker, isLargeGraph } = await import('@weft/schema');
  const print = formatOf(String(flags.format ?? 'pretty'), '--format', FORMATS);
  const files = [flags.out ?? []].flat().map((given) => outOf(String(given), FORMATS));
  const options = {
    config: String(flags.config ?? configFlag.default),
    directory: terminal.directory,
    ...texts(flags, ['base', 'changed', 'operations', 'usage', 'approvals']),
    sinceMs: sinceOf(flags.since),
    words,
    stdin: words.some((word) => word.endsWith('=-')) ? readFileSync(0, 'utf8') : undefined,
    allPlans: flags.plans === true,
  };
  const report = isLargeGraph(options) ? await inWorker('checkFiles', options) : await checkFiles(options);
  for (const { file, write } of files) writeReport(file, `${write(report)}\n`, terminal);
  terminal.out(print(report));
  const warns = report.problems.some(({ severity }) => severity === 'warning');
  return report.result === 'pass' && !(flags.strict === true && warns) ? 0 : 1;
}

type Formats = Readonly<Record<string, (report: never) => string>>;

function formatOf<F extends Formats>(name: string, flag: string, formats: F): F[string] {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format === undefined)
    throw new UserError(`${flag}: read "${name}". Allowed: ${Object.keys(formats).join(', ')}.`);
  return format as F[string];
}

function outOf<F extends Formats>(given: string, formats: F): { readonly file: string; readonly write: F[string] } {
  const [, name = '', file] = /^([^=]*)=(.+)$/.exec(given) ?? [];
  if (file === undefined) throw new UserError(`--out: read "${given}". Allowed: NAME=FILE, as in sarif=check.sarif.`);
  return { file, write: formatOf(name, '--out', formats) };
}

function writeReport(file: string, text: string, terminal: Terminal): void {
  try {
    writeFileSync(resolve(terminal.directory, file), text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError(`--out: ${file} cannot be written (${code}).`);
  }
}

const UNITS = { d: 86_400_000, h: 3_600_000 } as const;

function sinceOf(flag: FlagValues[string]): number | undefined {
  if (typeof flag !== 'string') return undefined;
  const [, count, unit] = /^(\d{1,4})([dh])$/.exec(flag) ?? [];
  if (count === undefined) throw new UserError(`--since: read "${flag}". Allowed: days or hours, as in 30d or 12h.`);
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}

function texts<N extends string>(flags: FlagValues, names: readonly N[]): Partial<Record<N, string>> {
  return Object.fromEntries(
    names.flatMap((name) => (typeof flags[name] === 'string' ? [[name, flags[name]]] : [])),
  ) as Partial<Record<N, string>>;
}
