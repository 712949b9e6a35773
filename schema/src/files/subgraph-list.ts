import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { httpUrl, loadConfig } from '@weft/config';
import { UserError } from '@weft/errors';
import { z } from 'zod';
import type { SubgraphSource } from '../compose/compose.ts';
import { contractList } from '../exposure/contract-schema.ts';
import { checkPolicy } from '../verdict/policy.ts';
import { whenThere } from './when-there.ts';

/** As in the supergraph and in metrics; it is also the name of the subgraph's schema and role in Postgres. */
export const SUBGRAPH_NAME = /^[a-z][a-z0-9_-]{0,39}$/;

export const NAME_RULE = 'the name of a subgraph is a small letter, then small letters, digits, "-" or "_", at most 40';

export const subgraphList = z.strictObject({
  subgraphs: z
    .record(
      z.string(),
      z.strictObject({
        schema: z.string().min(1).describe('The file with the SDL, relative to this file.'),
        url: httpUrl().describe('Where the subgraph answers when nothing else is said.'),
        shardKeys: z
          .record(z.string(), z.string())
          .default({})
          .describe(
            'The key field that says the shard of an entity, by its type. Asked by another key, every shard is asked.',
          ),
      }),
    )
    .superRefine((subgraphs, context) => {
      const names = Object.keys(subgraphs);
      if (names.length === 0) context.addIssue({ code: 'custom', message: 'at least one subgraph is needed' });
      for (const name of names) {
        if (!SUBGRAPH_NAME.test(name)) context.addIssue({ code: 'custom', path: [name], message: NAME_RULE });
      }
    })
    .describe('Every subgraph by its name.'),
  check: checkPolicy,
  contracts: contractList,
});

export type SubgraphList = z.infer<typeof subgraphList>;

export interface ReadSubgraphsOptions {
  /** Other addresses, by the name of the subgraph. */
  readonly urls?: Readonly<Record<string, string>>;
  /** Files are named relative to it in errors. */
  readonly directory?: string;
}

/** Gives the text of a file, or undefined when there is none. */
export type ReadText = (path: string) => string | undefined;

const fromDisk: ReadText = (path) => whenThere(() => readFileSync(path, 'utf8'));

/**
 * Reads `subgraphs.yaml` and the SDL files that it names, in the order of the file.
 * Throws UserError: file, key, what was read, what is allowed.
 */
export function readSubgraphs(file: string, options: ReadSubgraphsOptions = {}): SubgraphSource[] {
  return readSubgraphList(file, options).sources;
}

/** The same, with everything else that the list says, from wherever `read` has it. */
export function readSubgraphList(
  file: string,
  options: ReadSubgraphsOptions = {},
  read: ReadText = fromDisk,
): { readonly list: SubgraphList; readonly sources: SubgraphSource[] } {
  const directory = options.directory ?? process.cwd();
  const path = resolve(directory, file);
  const text = read(path);
  if (text === undefined) throw new UserError(`The list of subgraphs ${file} cannot be read: there is no such file.`);
  const list = loadConfig({ schema: subgraphList, file, text, environment: {} });
  refuseUnknown(Object.keys(options.urls ?? {}), Object.keys(list.subgraphs));
  const missing: string[] = [];
  const sources = Object.entries(list.subgraphs).map(([name, { schema, url }]) => {
    const sdlPath = resolve(dirname(path), schema);
    const shown = relative(directory, sdlPath);
    const sdl = read(sdlPath);
    if (sdl === undefined) {
      missing.push(
        `${file}: subgraphs.${name}.schema: read "${schema}", but there is no file ${shown}. ` +
          'Allowed: the path of a file with the SDL, relative to this file.',
      );
    }
    return { name, url: options.urls?.[name] ?? url, file: shown, sdl: sdl ?? '' };
  });
  if (missing.length > 0) throw new UserError(missing.join('\n'));
  return { list, sources };
}

function refuseUnknown(named: readonly string[], known: readonly string[]): void {
  const unknown = named.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new UserError(`There is no subgraph ${unknown.join(', ')}. Known: ${known.join(', ')}.`);
}
