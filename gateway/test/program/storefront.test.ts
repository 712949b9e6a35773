import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { STOREFRONT, storefrontSubgraphs, storefrontSupergraph } from '../../bench/storefront-graph.ts';
import { byteBuffers, tapes } from '../../src/execution/program/arena-pools.ts';
import { replaying } from '../../src/execution/program/replay.ts';
import { runProgram } from '../../src/execution/program/run-program.ts';
import { byteSubgraphs } from './byte-subgraphs.ts';
import {
  answerByObjects,
  answerByProgram,
  type BothWays,
  compileBothWays,
  contextOf,
  createOperationContext,
} from './side-by-side.ts';

const context = contextOf(storefrontSupergraph());
const shop = storefrontSubgraphs();

function compiled(text: string, variables: Readonly<Record<string, unknown>> = {}): BothWays {
  const both = compileBothWays(text, context, variables);
  if (both === undefined || 'unsupported' in both.program) throw new Error('no program');
  return both;
}

/** Every answer of the shop to its subgraph `products`, changed. */
function changing(change: (answer: Buffer) => Buffer) {
  return byteSubgraphs(async (call) => {
    const { text } = await shop.call(call);
    const answer = Buffer.from(text);
    return call.subgraph === 'products' ? change(answer) : answer;
  });
}

async function bothAnswers(both: BothWays, subgraphs: ReturnType<typeof byteSubgraphs>) {
  const byObjects = await answerByObjects({ ...both, ...subgraphs, operation: createOperationContext() });
  const byProgram = await answerByProgram({ ...both, ...subgraphs, operation: createOperationContext() });
  expect(byProgram.text).toBe(byObjects);
  return byProgram;
}

const SMALL = '{ topProducts(first: 2) { name price inStock shippingEstimate reviews { body author { username } } } }';

test('a large answer is written from bytes, byte for byte that of objects', async () => {
  const { how, text } = await bothAnswers(
    compiled(STOREFRONT, { first: 5 }),
    changing((answer) => answer),
  );
  expect(how).toBe('bytes');
  expect(text.length).toBeGreaterThan(60_000);
});

test('objects with one key and different fields are not taken for one', async () => {
  const { how, text } = await bothAnswers(
    compiled('{ topProducts(first: 2) { upc name reviews { id } } }'),
    changing((answer) => Buffer.from(answer.toString().replace('"upc":"1"', '"upc":"0"'))),
  );
  expect(how).toBe('bytes');
  expect(text).toContain('{"upc":"0","name":"Product Number 0"');
  expect(text).toContain('{"upc":"0","name":"Product Number 1"');
});

test('what stands between two fields of an answer is not copied', async () => {
  const { how, text } = await bothAnswers(
    compiled('{ topProducts(first: 2) { name price weight } }'),
    changing((answer) => Buffer.from(answer.toString().replaceAll('"price"', '"a":"b","price"'))),
  );
  expect(how).toBe('bytes');
  expect(text).not.toContain('"a"');
});

test('text that is no UTF-8 is never passed on', async () => {
  const { how } = await bothAnswers(
    compiled('{ topProducts(first: 1) { name } }'),
    changing(() =>
      Buffer.from('7b2264617461223a7b22746f7050726f6475637473223a5b7b226e616d65223a22ff227d5d7d7d', 'hex'),
    ),
  );
  expect(how).toBe('objects');
});

test('an answer cut off at any byte is told as objects tell it', async () => {
  const both = compiled(SMALL);
  let length = 1;
  for (let cut = 0; cut < length; cut += 1) {
    const { how } = await bothAnswers(
      both,
      changing((answer) => {
        length = answer.length;
        return answer.subarray(0, cut);
      }),
    );
    expect(how).toBe('objects');
  }
  expect(length).toBeGreaterThan(100);
});

test('any bytes at all are told as objects tell them', async () => {
  const both = compiled(SMALL);
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.array(fc.constantFrom(...Buffer.from('{}[]",:\\ntfu0-1.e "data""errors""topProducts"')), { maxLength: 40 }),
    fc.json().map((json) => Buffer.from(`{"data":{"topProducts":${json}}}`)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (answer) => {
      await bothAnswers(
        both,
        changing(() => Buffer.from(answer)),
      );
    }),
    { numRuns: 2_000 },
  );
});

test('a mutation that is left to objects happens once', async () => {
  const both = compiled('mutation { rename(id: "1", name: "New") { name reviews { body } } }');
  const subgraphs = byteSubgraphs(async (call) => {
    const { text } = await shop.call(call);
    return Buffer.from(call.type === 'mutation' ? text : 'not JSON');
  });
  const { how, text } = await answerByProgram({ ...both, ...subgraphs, operation: createOperationContext() });
  expect(how).toBe('objects');
  expect(JSON.parse(text).data).toEqual({ rename: { name: 'New', reviews: null } });
  expect(subgraphs.asked.map(({ type }) => type)).toEqual(['mutation', 'query']);
});

test('requests under way when an operation is left are not sent again', async () => {
  const both = compiled('{ users { name } topProducts(first: 1) { name } }');
  if ('unsupported' in both.program) throw new Error('no program');
  const waiting: (() => void)[] = [];
  const subgraphs = byteSubgraphs(async (call) => {
    if (call.subgraph === 'products') return Buffer.from('[]');
    await new Promise<void>((resolve) => waiting.push(resolve));
    return Buffer.from((await shop.call(call)).text);
  });
  const operation = createOperationContext();
  const { variables, isTrue } = both;
  const outcome = await runProgram(both.program, { variables, isTrue, context: operation, call: subgraphs.callBytes });
  if (outcome.kind !== 'left') throw new Error('it was not left');
  for (const go of waiting) go();
  const answer = await answerByObjects({ ...both, operation, call: replaying(subgraphs.call, outcome.sent) });
  expect(JSON.parse(answer)).toMatchObject({
    data: { topProducts: null, users: expect.arrayContaining([{ name: 'User Number 0' }]) },
    errors: [{ path: ['topProducts'] }],
  });
  expect(subgraphs.asked).toHaveLength(2);
});

test('one program serves all values of the variables in its conditions', async () => {
  const text = `query ($a: Boolean!, $b: Boolean = false) {
    topProducts(first: 2) { upc ... @include(if: $a) { name weight @skip(if: $b) } price @include(if: $b) }
    users @skip(if: $a) { name @include(if: $b) id @skip(if: $b) } }`;
  const first = compiled(text, { a: true });
  for (const variables of [{ a: true }, { a: false }, { a: true, b: true }, { a: false, b: true }]) {
    const { isTrue } = compiled(text, variables);
    const { how } = await bothAnswers(
      { ...first, variables, isTrue },
      changing((answer) => answer),
    );
    expect(how).toBe('bytes');
  }
});

test('where the order of fields depends on variables, there is a program for each of their values', async () => {
  const text = 'query ($a: Boolean!) { topProducts(first: 2) { name @include(if: $a) upc name } }';
  for (const a of [true, false]) {
    const { how, text: answer } = await bothAnswers(
      compiled(text, { a }),
      changing((bytes) => bytes),
    );
    expect(how).toBe('bytes');
    expect(answer).toContain(a ? '{"name":"Product Number 0","upc"' : '{"upc":"0","name"');
  }
});

test('the generated code can be read, and names what it answers', () => {
  const { program } = compiled(SMALL);
  expect(program).toMatchObject({ source: expect.stringContaining('// Product') });
});

test('what a program cannot do is said when it is compiled', () => {
  const both = compileBothWays('{ __schema { queryType { name } } users { name } }', context);
  expect(both?.program).toEqual({ unsupported: 'introspection', undecided: false });
});

test('buffers come back whatever becomes of an operation', async () => {
  const both = compiled(STOREFRONT, { first: 3 });
  const good = changing((answer) => answer);
  const bad = changing((answer) => answer.subarray(1));
  const idle: number[] = [];
  for (let round = 0; round < 60; round += 1) {
    const { call, callBytes } = round % 3 === 0 ? bad : good;
    await answerByProgram({ ...both, call, callBytes, operation: createOperationContext() });
    idle.push(byteBuffers.idleBytes + tapes.idleBytes);
  }
  expect(new Set(idle.slice(20)).size).toBe(1);
  expect(idle.at(-1)).toBeLessThan(4 * 2 ** 20);
});
