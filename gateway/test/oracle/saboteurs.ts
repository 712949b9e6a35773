import { isRecord } from '../../src/execution/subgraph-response.ts';
import type { CallSubgraph } from '../../src/subgraph-call.ts';
import type { OpenEngine } from './graph.ts';

/** Mistakes that an engine could make, put into one that makes none: an oracle that does not see them is no oracle. */
export const SABOTEURS: Readonly<Record<string, (openEngine: OpenEngine) => OpenEngine>> = {
  'loses a field of an answer': withReplies((data) => dropLast(data)),
  'swaps two entities': withReplies((data) => swapEntities(data)),
  'gives the first entity to all': withReplies((data) => repeatEntity(data)),
  'makes a value null without an error': withReplies((data) => nullify(data)),
  'rounds a number': withReplies((data) => round(data)),
  'loses an argument': withQueries((query) =>
    query.replace(/(\w)\((?!representations|\$representations)[^()$]*\)(?=[\s{}a-z])/, '$1'),
  ),
  'ignores a condition': withQueries((query) => query.replace(/@(skip|include)\(if:[^)]*\)/, '')),
  'loses a required value': withRepresentations((representation) => loseRequired(representation)),
  'forgets the order of fields': withResults((result) => ({ ...result, data: reversed(result.data) })),
  'forgets errors': withResults(({ data = null }) => ({ data })),
};

type Result = Awaited<ReturnType<Awaited<ReturnType<OpenEngine>>['execute']>>;

function withResults(change: (result: Result) => Result) {
  return (openEngine: OpenEngine): OpenEngine =>
    async (sdl, call) => {
      const engine = await openEngine(sdl, call);
      return { ...engine, execute: async (...asked) => change(await engine.execute(...asked)) };
    };
}

function withCalls(change: (call: CallSubgraph) => CallSubgraph) {
  return (openEngine: OpenEngine): OpenEngine =>
    (sdl, call) =>
      openEngine(sdl, change(call));
}

function withReplies(change: (data: Record<string, unknown>) => void) {
  return withCalls((call) => async (asked) => {
    const reply = await call(asked);
    const body: unknown = JSON.parse(reply.text);
    if (isRecord(body) && isRecord(body.data)) change(body.data);
    return { ...reply, text: JSON.stringify(body) };
  });
}

function withQueries(change: (query: string) => string) {
  return withCalls((call) => (asked) => {
    const body = JSON.parse(asked.body) as { query: string };
    return call({ ...asked, body: JSON.stringify({ ...body, query: change(body.query) }) });
  });
}

function withRepresentations(change: (representation: Record<string, unknown>) => void) {
  return withCalls((call) => (asked) => {
    const body = JSON.parse(asked.body) as { variables?: Record<string, unknown> };
    const lists = Object.values(body.variables ?? {}).filter(Array.isArray);
    for (const item of lists.flat()) if (isRecord(item) && '__typename' in item) change(item);
    return call({ ...asked, body: JSON.stringify(body) });
  });
}

function entityLists(data: Record<string, unknown>): unknown[][] {
  return Object.entries(data).flatMap(([key, value]) => (key.startsWith('_') && Array.isArray(value) ? [value] : []));
}

function swapEntities(data: Record<string, unknown>): void {
  for (const list of entityLists(data))
    [list[0], list[1]] = [list[1] ?? list[0], list[1] === undefined ? list[1] : list[0]];
  for (const list of entityLists(data)) if (list.length === 2 && list[1] === undefined) list.pop();
}

function repeatEntity(data: Record<string, unknown>): void {
  for (const list of entityLists(data)) list.fill(list[0]);
}

function dropLast(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) dropLast(item);
  if (!isRecord(value)) return;
  const last = Object.keys(value).at(-1);
  if (last !== undefined && typeof value[last] !== 'object') delete value[last];
  for (const inner of Object.values(value)) dropLast(inner);
}

function nullify(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) nullify(item);
  if (!isRecord(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'boolean') value[key] = null;
    else nullify(inner);
  }
}

function round(value: unknown): void {
  if (!Array.isArray(value) && !isRecord(value)) return;
  const record = value as Record<string, unknown>;
  for (const [key, inner] of Object.entries(record)) {
    if (typeof inner === 'number') record[key] = Math.round(inner);
    else round(inner);
  }
}

const KEYS: ReadonlySet<string> = new Set(['__typename', 'id', 'code', 'region', 'number', 'place', 'slot', 'owner']);

function loseRequired(representation: Record<string, unknown>): void {
  const required = Object.keys(representation).find((name) => !KEYS.has(name));
  if (required !== undefined) delete representation[required];
}

function reversed(value: Result['data']): NonNullable<Result['data']> | null {
  if (!isRecord(value)) return null;
  return Object.fromEntries(Object.entries(value).reverse());
}
