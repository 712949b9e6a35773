import { writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '@weft/errors';
import type { Command, FlagValues, Terminal } from '../command.ts';
import { configFlag } from '../config-flag.ts';

export const composeCommand: Command = {
  usage: '[--config FILE] [--contract NAME] [--out FILE|-] [--urls NAME=URL ...]',
  about:
    'Composes the supergraph from the SDL files that the list of subgraphs names, loads it the way the gateway does,\n' +
    'and writes it. Hints of composition are printed as warnings.',
  flags: {
    config: configFlag,
    out: {
      type: 'string',
      value: 'FILE',
      help: 'Where to write; - is stdout. Default: supergraph.graphql beside the list.',
    },
    contract: { type: 'string', value: 'NAME', help: 'Only what this contract of the list shows.' },
    urls: {
      type: 'string',
      multiple: true,
      value: 'NAME=URL',
      help: 'Other addresses of subgraphs, one or several.',
    },
  },
  examples: ['weft compose', 'weft compose --out - --urls products=http://127.0.0.1:5001/graphql'],
  words: { least: 0, most: Number.POSITIVE_INFINITY },
  run,
};

async function run(flags: FlagValues, words: readonly string[], terminal: Terminal): Promise<number> {
  const { composeFiles, inWorker, isLargeGraph, printProblem } = await import('@weft/schema');
  const config = String(flags.config ?? configFlag.default);
  const urls = readUrls([flags.urls ?? [], words].flat().map(String));
  const contract = typeof flags.contract === 'string' ? flags.contract : undefined;
  const options = { config, urls, contract, directory: terminal.directory };
  const composition = isLargeGraph(options) ? await inWorker('composeFiles', options) : composeFiles(options);
  if ('errors' in composition) {
    terminal.progress(composition.errors.map(printProblem).join('\n\n'));
    terminal.progress(`\nThe supergraph was not written: ${composition.errors.length} to cure.`);
    return 1;
  }
  const warnings = composition.hints.filter(({ severity }) => severity === 'warning');
  if (warnings.length > 0) terminal.progress(`${warnings.map(printProblem).join('\n\n')}\n`);
  const name = contract === undefined ? 'supergraph.graphql' : `supergraph.${contract}.graphql`;
  const out = String(flags.out ?? join(dirname(config), name));
  if (out === '-') {
    terminal.out(composition.supergraphSdl.trimEnd());
    return 0;
  }
  writeSupergraph(resolve(terminal.directory, out), out, composition.supergraphSdl);
  terminal.progress(`${out} is written.`);
  return 0;
}

function readUrls(given: readonly string[]): Record<string, string> {
  const urls: Record<string, string> = {};
  for (const text of given) {
    const [, name, url] = /^([^=]+)=(https?:\/\/.+)$/.exec(text) ?? [];
    if (name === undefined || url === undefined || !URL.canParse(url)) {
      throw new UserError(`--urls: read "${text}". Allowed: NAME=URL, as in products=http://127.0.0.1:5001/graphql.`);
    }
    urls[name] = url;
  }
  return urls;
}

function writeSupergraph(path: string, shown: string, sdl: string): void {
  try {
    writeFileSync(path, sdl);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError(`--out: ${shown} cannot be written (${code}).`);
  }
}
