import { UserError } from '@weft/errors';

/** Words that Postgres does not take as the name of a table or schema without quotes. */
const SQL_WORDS = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation ' +
    'column concurrently constraint create cross current default deferrable desc distinct do else end except false ' +
    'fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join ' +
    'lateral leading left like limit localtime natural not notnull null offset on only or order outer overlaps ' +
    'placing primary public references returning right select session similar some symmetric table tablesample then ' +
    'to trailing true union unique user using variadic verbose weft when where window with'
  ).split(' '),
);

export interface SubgraphRequest {
  readonly name: string;
  readonly entity: string;
  readonly key: string;
}

/** Checks what was asked for by itself; whether it is free is another question. Throws UserError. */
export function checkRequest({ name, entity, key }: SubgraphRequest): void {
  const refuse = (what: string, given: string, allowed: string) => {
    throw new UserError(`weft new: ${what}: read "${given}". Allowed: ${allowed}.`);
  };
  if (!/^[a-z][a-z0-9]{1,29}$/.test(name)) {
    refuse('the name of the subgraph', name, 'small letters and digits, a letter first, 2 to 30, as in wishlists');
  }
  if (SQL_WORDS.has(name) || name.startsWith('pg')) {
    refuse('the name of the subgraph', name, 'a word that Postgres does not use itself; it is the name of a schema');
  }
  if (!/^[A-Z][A-Za-z0-9]{1,39}$/.test(entity)) {
    refuse('--entity', entity, 'a type name: letters and digits, a capital first, as in Wishlist');
  }
  if (['Query', 'Mutation', 'Subscription', 'String', 'Int', 'Float', 'Boolean', 'ID'].includes(entity)) {
    refuse('--entity', entity, 'a type that GraphQL does not use itself');
  }
  if (!/^[a-z][a-z0-9]{0,29}$/.test(key) || SQL_WORDS.has(key) || key === 'name') {
    refuse('--key', key, 'one field: small letters and digits, as in id or sku');
  }
}

/** `Wishlist` -> `wishlist`, `GiftCard` -> `giftCard`. */
export const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `GiftCard` -> `gift-card`: names of files. */
const kebab = (text: string): string => lowerFirst(text).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A name of the table that needs no quotes: `gift_card`, `order_row`. */
function tableName(entity: string): string {
  const name = kebab(entity).replaceAll('-', '_');
  return SQL_WORDS.has(name) ? `${name}_row` : name;
}

/** Every placeholder of the templates. */
export function placeholders(request: SubgraphRequest, port: number): Readonly<Record<string, string>> {
  const { name, entity, key } = request;
  const loader = `${lowerFirst(entity)}By${upperFirst(key)}`;
  return {
    name,
    key,
    port: String(port),
    Entity: entity,
    entity: lowerFirst(entity),
    entityFile: kebab(entity),
    table: tableName(entity),
    Tables: `${upperFirst(name)}Tables`,
    loader,
    loaderFile: kebab(loader),
    migration: `${name}Migration`,
    ...(key === 'id' ? idParts(entity) : textParts(key)),
  };
}

/** An id carries its bucket, so the row lies where the id says. */
function idParts(entity: string): Record<string, string> {
  return {
    keyType: 'ID',
    columnType: 'bigint',
    route: 'byId',
    place: 'id',
    shardKey: 'the bucket inside its id',
    idsImport: "import { composeId } from '@weft/ids';\n",
    testKeys:
      '/** Three on each of the three shards, whose buckets are spread evenly. */\n' +
      'const KEYS = [5, 6, 7, 500, 501, 502, 1_000, 1_001, 1_002].map((bucket) => composeId({ ms: 1_000, bucket, sequence: 1 }));\n' +
      'const GONE = composeId({ ms: 2_000, bucket: 5, sequence: 1 });',
    refusalTitle: ', a malformed id an error',
    refusalTest:
      `  const malformed = await running.call({ query: '{ ${lowerFirst(entity)}(id: "x1") { name } }' });\n` +
      "  expect(malformed.errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);\n",
  };
}

/** A natural key: the row lies in the bucket of the key's hash. */
function textParts(key: string): Record<string, string> {
  return {
    keyType: 'String',
    columnType: 'text',
    route: 'byText',
    place: `text: ${key}`,
    shardKey: `the bucket of the hash of its ${key}`,
    idsImport: '',
    testKeys: "const KEYS = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7', 'h8', 'i9'];\nconst GONE = 'z0';",
    refusalTitle: '',
    refusalTest: '',
  };
}
