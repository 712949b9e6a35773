import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf, UserError } from '@weft/errors';
import {
  addToSubgraphList,
  composeSubgraphs,
  printProblem,
  readSubgraphs,
  type SubgraphSource,
  subgraphsWithType,
} from '@weft/schema';
import { checkRequest, placeholders, type SubgraphRequest } from './names.ts';
import { renderTemplate } from './render-template.ts';

const LIST = 'schema/subgraphs.yaml';
const SUPERGRAPH = 'schema/supergraph.graphql';
const PROJECTS = 'tsconfig.json';
const FIRST_PORT = 4_101;

export interface NewSubgraph {
  /** Paths from the root of the repo. */
  readonly files: readonly string[];
  readonly port: number;
}

/**
 * Writes a subgraph that composes and passes its own test, and adds it to the lists that name every subgraph. Nothing
 * is written when it would not compose. Throws UserError for a name that is taken or not allowed.
 */
export function writeSubgraph(request: SubgraphRequest, root: string): NewSubgraph {
  checkRequest(request);
  if (!existsSync(join(root, LIST))) {
    throw new UserError(`weft new: there is no ${LIST} here. Run it in the root of the repo.`);
  }
  const subgraphs = readSubgraphs(LIST, { directory: root });
  refuseTaken(request, subgraphs, root);
  const port = nextPort(subgraphs);
  const url = `http://127.0.0.1:${port}/graphql`;
  const folder = `subgraphs/${request.name}`;
  const files = renderTemplate(placeholders(request, port));
  const added = { name: request.name, url, file: `${folder}/schema.graphql`, sdl: files.get('schema.graphql') ?? '' };
  const supergraph = composed([...subgraphs, added]);

  for (const [file, text] of files) write(join(root, folder, file), text);
  edit(join(root, LIST), (text) =>
    addToSubgraphList(text, request.name, { schema: `../${folder}/schema.graphql`, url }),
  );
  edit(join(root, PROJECTS), (text) => addProject(text, folder));
  write(join(root, SUPERGRAPH), supergraph);
  return { files: [...[...files.keys()].map((file) => `${folder}/${file}`), LIST, PROJECTS, SUPERGRAPH], port };
}

function refuseTaken({ name, entity }: SubgraphRequest, subgraphs: readonly SubgraphSource[], root: string): void {
  if (subgraphs.some((subgraph) => subgraph.name === name)) {
    throw new UserError(`weft new: there is a subgraph ${name} already, in ${LIST}.`);
  }
  if (existsSync(join(root, 'subgraphs', name))) {
    throw new UserError(`weft new: there is a folder subgraphs/${name} already, although ${LIST} does not name it.`);
  }
  const [owner] = subgraphsWithType(subgraphs, entity);
  if (owner !== undefined) {
    throw new UserError(
      `weft new: the type ${entity} is defined already, in ${owner.file}. Choose another --entity; ` +
        'how a subgraph adds fields to an entity of another one is in docs/guides/add-a-field.md.',
    );
  }
}

/** The one after the highest port on loopback that the list names. */
function nextPort(subgraphs: readonly SubgraphSource[]): number {
  const ports = subgraphs.map(({ url }) => Number(URL.parse(url)?.port)).filter((port) => port >= FIRST_PORT);
  return Math.max(FIRST_PORT - 1, ...ports) + 1;
}

function composed(subgraphs: readonly SubgraphSource[]): string {
  const composition = composeSubgraphs(subgraphs);
  if ('supergraphSdl' in composition) return composition.supergraphSdl;
  const problems = composition.errors.map(printProblem).join('\n');
  throw new UserError(`weft new: nothing was written, for the graph would not compose with it.\n${problems}`);
}

/** The package and its tests, at the end of the references. */
function addProject(text: string, folder: string): string {
  try {
    const project = JSON.parse(text) as { references: { path: string }[] };
    project.references.push({ path: folder }, { path: `${folder}/tsconfig.test.json` });
    return `${JSON.stringify(project, null, 2)}\n`;
  } catch (error) {
    throw new UserError(`weft new: ${PROJECTS} cannot be read: ${messageOf(error)}`);
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}
