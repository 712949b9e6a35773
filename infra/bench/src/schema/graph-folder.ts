import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeFiles } from '@weft/schema';
import { loadSupergraph } from '@weft/supergraph';
import { type GeneratedGraphSize, generatedGraph } from '@weft/testing';
import { printSchema } from 'graphql';

/** A repository with a graph, committed on main, and a change of it in the work tree. */
export interface GraphFolder {
  readonly directory: string;
  readonly subgraphs: readonly string[];
}

/**
 * The change: in one subgraph a field of every entity can be null, one field is added, and one loses its caching.
 * `unseen`: a field is added to a type that no operation touches, and nothing else.
 */
export function graphFolder(size: GeneratedGraphSize, change: 'seen' | 'unseen' = 'seen'): GraphFolder {
  const directory = mkdtempSync(join(tmpdir(), 'weft-bench-schema-'));
  const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@bench.test', ...args], { cwd: directory });
  const { sdls, operations } = generatedGraph(size);
  mkdirSync(join(directory, 'operations'));
  for (const [name, sdl] of sdls) write(`${name}.graphql`, sdl);
  for (const [name, text] of operations) write(`operations/${name}.graphql`, text);
  const rows = [...sdls.keys()].map(
    (name) => `  ${name}:\n    schema: ${name}.graphql\n    url: http://${name}.test/graphql\n`,
  );
  write('subgraphs.yaml', `subgraphs:\n${rows.join('')}`);
  write('supergraph.graphql', composed(directory));
  write('api-before.graphql', apiOf(composed(directory)));
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-qm', 'before');
  const sdl = sdls.get('s1') ?? '';
  const last = sdl.lastIndexOf('\n  next:', sdl.lastIndexOf('implements N1') + 300);
  const changed = change === 'seen' ? seenChange(sdl) : `${sdl.slice(0, last)}\n  added: Int${sdl.slice(last)}`;
  write('s1.graphql', changed);
  write('api-after.graphql', apiOf(composed(directory)));
  return { directory, subgraphs: [...sdls.keys()] };
}

function seenChange(sdl: string): string {
  return sdl
    .replaceAll('\n  count: Int!', '\n  count: Int')
    .replace('\n  next:', '\n  added: Int\n  next:')
    .replace(/ @cacheControl\(maxAge: 60\)\n/, '\n');
}

function composed(directory: string): string {
  const composition = composeFiles({ config: 'subgraphs.yaml', directory });
  if ('errors' in composition) throw new Error(composition.errors[0]?.message);
  return composition.supergraphSdl;
}

function apiOf(supergraph: string): string {
  return printSchema(loadSupergraph(supergraph).schema);
}
