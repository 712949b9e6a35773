import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const WEFT = fileURLToPath(new URL('../bin/weft.mjs', import.meta.url));

const COUNT_CPU =
  'data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();' +
  'console.error("CPU-MS "+Math.round((user+system)/1000))})';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly progress: string;
  /** CPU of the whole process. */
  readonly cpuMs: number;
}

/** Runs the real command in a folder and waits for its end. */
export async function runWeft(
  directory: string,
  ...given: readonly (string | { readonly stdin: string })[]
): Promise<Ran> {
  const args = given.filter((one) => typeof one === 'string');
  const child = spawn(process.execPath, ['--import', COUNT_CPU, WEFT, ...args], { cwd: directory });
  child.stdin.end(given.map((one) => (typeof one === 'string' ? '' : one.stdin)).join(''));
  const read = { out: '', progress: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    read.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    read.progress += text;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const cpuMs = Number(/CPU-MS (\d+)/.exec(read.progress)?.[1]);
  return { code, out: read.out, progress: read.progress.replace(/CPU-MS \d+\n/, ''), cpuMs };
}

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

/** A folder with a graph of one subgraph, whose SDL and operation a test then changes. */
export function smallGraph(): { directory: string; sdl(text: string): void; operation(text: string): void } {
  const directory = mkdtempSync(join(tmpdir(), 'weft-graph-'));
  const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
  mkdirSync(join(directory, 'operations'));
  write('subgraphs.yaml', 'subgraphs:\n  users:\n    schema: users.graphql\n    url: http://users.test/graphql\n');
  return {
    directory,
    sdl: (text) => write('users.graphql', `${LINK}\n${text}`),
    operation: (text) => write('operations/profile.graphql', text),
  };
}

const SHOP = {
  'subgraphs.yaml': `subgraphs:
  users:
    schema: users.graphql
    url: http://users.test/graphql
  reviews:
    schema: reviews.graphql
    url: http://reviews.test/graphql
`,
  'users.graphql': `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@requiresScopes"])
directive @cacheControl(maxAge: Int) on FIELD_DEFINITION | OBJECT
type Query { user(id: ID!): User @cacheControl(maxAge: 60) }

type User @key(fields: "id") @cacheControl(maxAge: 60) {
  id: ID!
  name: String! @shareable
  email: String @requiresScopes(scopes: [["pii"]])
  old: String
}
`,
  'reviews.graphql': `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@provides"])
directive @cacheControl(maxAge: Int) on FIELD_DEFINITION | OBJECT
type Query { latest: [Review!] @cacheControl(maxAge: 30) }
type Review @cacheControl(maxAge: 30) { body: String author: User! @provides(fields: "name") @cacheControl(maxAge: 30) }
type User @key(fields: "id") { id: ID! name: String! @external }
`,
  'operations/latest.graphql': 'query Latest { latest { body author { name } } }\n',
  'operations/profile.graphql': 'query Profile {\n  user(id: 1) {\n    name\n    old\n  }\n}\n',
};

/** A folder with a graph of two subgraphs, where each compare of a check has something to find. */
export function shopGraph() {
  const directory = mkdtempSync(join(tmpdir(), 'weft-shop-'));
  mkdirSync(join(directory, 'operations'));
  for (const [file, text] of Object.entries(SHOP)) writeFileSync(join(directory, file), text);
  const change = (file: string) => (by: (sdl: string) => string) => {
    const path = join(directory, file);
    writeFileSync(path, by(readFileSync(path, 'utf8')));
  };
  return { directory, users: change('users.graphql'), reviews: change('reviews.graphql') };
}
