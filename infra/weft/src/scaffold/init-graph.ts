import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { isGraphError, UserError } from '@weft/errors';
import { addToSubgraphList, extractSubgraphs, SUBGRAPH_NAME } from '@weft/schema';

export interface InitOptions {
  /** Files and folders with SDL; none: everything below the directory. */
  readonly from: readonly string[];
  /** A composed supergraph to take the subgraphs from. */
  readonly supergraph: string | undefined;
  /** The list to write, relative to the directory. */
  readonly config: string;
  readonly directory: string;
}

export interface NamedSubgraph {
  readonly name: string;
  readonly schema: string;
  readonly url: string;
}

const SKIPPED = new Set(['node_modules', 'dist', 'build', 'operations', 'vendor']);
const FIRST_PORT = 4001;

/** Writes the list of subgraphs of a repository that has none. Gives what it wrote. */
export function initGraph(options: InitOptions): readonly NamedSubgraph[] {
  const { config, directory, supergraph } = options;
  const path = resolve(directory, config);
  if (existsSync(path)) throw new UserError(`weft init: ${config} is there already.`);
  const found = supergraph === undefined ? fromFiles(options) : fromSupergraph(supergraph, options);
  mkdirSync(join(dirname(path), 'operations'), { recursive: true });
  let text = '# The subgraphs: what they are called, where their SDL is, and where they answer.\nsubgraphs: {}\n';
  for (const { name, schema, url } of found) text = addToSubgraphList(text, name, { schema, url });
  writeFileSync(path, text);
  return found;
}

function fromSupergraph(file: string, { config, directory }: InitOptions): NamedSubgraph[] {
  const text = existsSync(resolve(directory, file)) ? readFileSync(resolve(directory, file), 'utf8') : undefined;
  if (text === undefined) throw new UserError(`--supergraph: read "${file}", but there is no such file.`);
  const folder = join(dirname(resolve(directory, config)), 'subgraphs');
  mkdirSync(folder, { recursive: true });
  return extracted(text, file).map(({ name, url, sdl }, index) => {
    writeFileSync(join(folder, `${name}.graphql`), sdl);
    return { name, schema: `subgraphs/${name}.graphql`, url: url === '' ? urlOf(index) : url };
  });
}

function extracted(text: string, file: string) {
  try {
    return extractSubgraphs(text);
  } catch (error) {
    if (!isGraphError(error)) throw error;
    throw new UserError(`--supergraph: ${file} is none. ${error.message}`);
  }
}

function fromFiles({ from, config, directory }: InitOptions): NamedSubgraph[] {
  const files = (from.length === 0 ? ['.'] : from).flatMap((given) => sdlFiles(given, directory));
  if (files.length === 0) {
    throw new UserError(
      'weft init: no SDL was found. Name files or folders with *.graphql, or a supergraph with --supergraph FILE.',
    );
  }
  const names = new Map<string, string>();
  return files.map((file, index) => {
    const name = nameOf(file);
    const taken = names.get(name);
    if (taken !== undefined)
      throw new UserError(
        `weft init: ${file} and ${taken} would both be the subgraph ${name}. Name the files that are meant.`,
      );
    names.set(name, file);
    const schema = relative(dirname(resolve(directory, config)), resolve(directory, file))
      .split(sep)
      .join('/');
    return { name, schema, url: urlOf(index) };
  });
}

function sdlFiles(given: string, directory: string): string[] {
  const path = resolve(directory, given);
  if (!existsSync(path)) throw new UserError(`weft init: there is no ${given}.`);
  if (statSync(path).isFile()) return [given];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inner = join(given, entry.name);
      if (entry.isDirectory())
        return SKIPPED.has(entry.name) || entry.name.startsWith('.') ? [] : sdlFiles(inner, directory);
      return /\.(graphql|graphqls|gql)$/.test(entry.name) && isSubgraph(readFileSync(join(path, entry.name), 'utf8'))
        ? [inner]
        : [];
    });
}

/** Types are defined in it, and it is not composed; a file of operations has neither. */
function isSubgraph(text: string): boolean {
  return /^\s*(extend\s+)?(type|interface|schema)\b/m.test(text) && !/@join__|enum join__Graph/.test(text);
}

/** `users.graphql` and `users/schema.graphql` are both users. */
function nameOf(file: string): string {
  const own = basename(file, extname(file));
  const general = /^(schema|index|subgraph|typedefs|type-defs)$/i.test(own);
  const raw = general ? basename(dirname(resolve('/', file))) : own;
  const name = raw
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .replace(/-(schema|subgraph)$/, '');
  if (!SUBGRAPH_NAME.test(name))
    throw new UserError(`weft init: no name for a subgraph can be made of ${file}. Rename it.`);
  return name;
}

function urlOf(index: number): string {
  return `http://127.0.0.1:${FIRST_PORT + index}/graphql`;
}
