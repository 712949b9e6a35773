import { expect, test } from '@jest/globals';
import { buildSchema, type ExecutionResult, parse, print } from 'graphql';
import type { OperationContext } from '../../operation-context.ts';
import { isWritten } from '../../written-answer.ts';
import { authorizationStage } from './authorization.ts';

const schema = buildSchema(`
  type Query { named: [Named] member: Member mood: Mood things: [Thing] }
  interface Named { name: String mail: String }
  type Member implements Named { name: String mail: String }
  type Guest implements Named { name: String mail: String }
  union Thing = Member | Guest
  enum Mood { GOOD }
`);

/** Rules of the types alone, as older compositions and other composers write them. */
const access = new Map([
  ['Member.mail', [{ anyOf: undefined }]],
  ['Guest', [{ anyOf: [['guests']] }]],
  ['Mood', [{ anyOf: [] }]],
]);

/** What the engine is asked for, and what the client gets when it answers `data`. */
async function run(query: string, data: ExecutionResult['data'] = {}, scopes?: readonly string[]) {
  const asked: string[] = [];
  const execute = authorizationStage({ schema, access }).wrap(async ({ document }) => {
    asked.push(print(document).replace(/\s+/g, ' '));
    return { data };
  });
  const user = scopes === undefined ? null : { subject: '1', scopes };
  const context = { user, cacheHints: { add: () => undefined } } as unknown as OperationContext;
  const document = parse(query, { noLocation: true });
  const result = await execute({ document, hash: query, operationName: undefined, variables: {} }, context);
  if (isWritten(result)) throw new Error('not the data');
  return { asked: asked[0], data: result.data, paths: result.errors?.map(({ path }) => path?.join('.')) };
}

test('a field of an interface is kept by the rules of every type behind it', async () => {
  expect(await run('{ named { name mail } }')).toMatchObject({
    asked: '{ named { __type: __typename } }',
    paths: ['named.@.name', 'named.@.mail'],
  });
  expect((await run('{ named { mail } }', {}, ['guests'])).asked).toBe('{ named { mail } }');
});

test('only the types that a fragment lets through count', async () => {
  expect((await run('{ named { ... on Member { name ... on Named { mail } } } }')).asked).toBe(
    '{ named { ... on Member { name } __type: __typename } }',
  );
  expect((await run('{ things { ... on Named { ... on Guest { name } ... on Member { name } } } }')).asked).toBe(
    '{ things { ... on Named { ... on Member { name } } __type: __typename } }',
  );
});

test('a leaf can be kept by its type, and no scope is enough for an empty list of them', async () => {
  expect(await run('{ mood member { name } }', { member: null }, ['guests'])).toEqual({
    asked: '{ member { name } }',
    data: { mood: null, member: null },
    paths: ['mood'],
  });
});

test('each object gets the nulls of its own type', async () => {
  const data = { named: [{ __type: 'Member', name: 'Ada' }, { __type: 'Guest' }, null] };
  const query = '{ named { ... on Member { name mail } ... on Guest { other: name } } }';
  expect((await run(query, data)).data).toEqual({ named: [{ name: 'Ada', mail: null }, { other: null }, null] });
});

test('our name for the type gives way to a name of the client', async () => {
  expect((await run('{ named { __type: mail } }')).asked).toBe('{ named { __type_: __typename } }');
});
