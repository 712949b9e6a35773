export interface GeneratedGraphSize {
  readonly subgraphs: number;
  /** Types that each subgraph brings: seven of ten are entities. Those that it shares or extends come on top. */
  readonly types: number;
  readonly operations: number;
}

export interface GeneratedGraph {
  /** By name of the subgraph. */
  readonly sdls: ReadonlyMap<string, string>;
  /** By name of the operation. */
  readonly operations: ReadonlyMap<string, string>;
}

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides"])\n' +
  'directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION\n' +
  'enum CacheControlScope { PUBLIC PRIVATE }\n';

/**
 * A graph as large as asked, the same for the same size. Each subgraph has entities of its own, leads to those of the
 * next one, and adds a field to them; value types are shared by all.
 */
export function generatedGraph({ subgraphs, types, operations }: GeneratedGraphSize): GeneratedGraph {
  const sdls = new Map<string, string>();
  for (let s = 0; s < subgraphs; s++) sdls.set(`s${s}`, sdlOf(s, subgraphs, types));
  const texts = new Map<string, string>();
  for (let n = 0; n < operations; n++) {
    const name = `Op${n}`;
    const t = (n * 13) % extended(types);
    texts.set(name, operationOf(name, { s: (n * 7) % subgraphs, t, depth: 1 + (n % 3), subgraphs }));
  }
  return { sdls, operations: texts };
}

const entities = (types: number): number => Math.ceil(types * 0.7);
/** Entities that the subgraph before adds a field to; the first ones. */
const extended = (types: number): number => Math.ceil(types * 0.3);

function sdlOf(s: number, subgraphs: number, types: number): string {
  const next = (s + 1) % subgraphs;
  const count = (n: number) => Array.from({ length: n }, (_, t) => t);
  const inputs = Math.ceil(types * 0.2);
  const leads = (t: number) => (t < extended(types) ? `E${next}_${t}` : `E${s}_${(t + 1) % entities(types)}`);
  const own = count(entities(types)).map(
    (t) => `type E${s}_${t} implements N${s} @key(fields: "id") @cacheControl(maxAge: ${30 + (t % 5) * 30}) {
  id: ID!
  name: String
  count: Int!
  kind: K${s}
  tags(first: Int = 10): [String!]
  value: V${t % 10}
  next: ${leads(t)}
}`,
  );
  const others = count(extended(types)).map(
    (t) => `type E${next}_${t} @key(fields: "id") {\n  id: ID!\n  from${s}: [E${s}_${t}!]\n}`,
  );
  const values = count(10).map((v) => `type V${v} @shareable { amount: Float, unit: String }`);
  const roots = count(entities(types)).map(
    (t) => `  e${s}_${t}(id: ID!, by: I${s}_${t % inputs}): E${s}_${t} @cacheControl(maxAge: 60)`,
  );
  return [
    LINK,
    `type Query {\n${roots.join('\n')}\n}`,
    `interface N${s} { id: ID! name: String }`,
    `enum K${s} { A B C }`,
    ...count(inputs).map((t) => `input I${s}_${t} { text: String, count: Int = 1, kind: K${s} }`),
    ...values,
    ...own,
    ...others,
  ].join('\n');
}

interface Asked {
  readonly s: number;
  readonly t: number;
  readonly depth: number;
  readonly subgraphs: number;
}

function operationOf(name: string, { s, t, depth, subgraphs }: Asked): string {
  let inner = 'id name';
  for (let level = depth; level > 0; level--) {
    const at = (s + level) % subgraphs;
    inner = `id name count kind from${(at + subgraphs - 1) % subgraphs} { id count } next { ${inner} }`;
  }
  return `query ${name}($id: ID!) {\n  e${s}_${t}(id: $id, by: { count: 2 }) { name tags value { amount unit } next { ${inner} } }\n}\n`;
}
