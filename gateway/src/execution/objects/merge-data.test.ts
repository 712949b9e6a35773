import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Data, DISAGREED, FAILED, isData } from './data.ts';
import { mergeData } from './merge-data.ts';

const RELATIONS = {
  isAbstract: (type: string) => type === 'Media',
  fits: (type: string, condition: string) => type === condition,
};

const key = fc.constantFrom('a', 'b', 'c', 'd');
const tree: fc.Arbitrary<Data> = fc.letrec<{ value: unknown; object: Data }>((tie) => ({
  object: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<Data>,
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.constant(null),
    tie('object'),
    fc.array(fc.oneof(tie('object'), fc.constant(null)), { maxLength: 3 }),
  ),
})).object;

/** The part of a tree that one subgraph brings: some keys of each object, the lists as long as they are. */
function part(value: unknown, takes: () => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => part(item, takes));
  if (!isData(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (takes() ? [[name, part(inner, takes)]] : [])),
  );
}

test('parts of one object, in any order and however they overlap, merge to all that they hold', () => {
  fc.assert(
    fc.property(tree, fc.array(fc.boolean(), { minLength: 1 }), fc.boolean(), (whole, dice, copy) => {
      let next = 0;
      const takes = () => dice[next++ % dice.length] === true;
      const [one, other] = [part(whole, takes), part(whole, () => !takes() || takes())] as [Data, Data];
      const inOrder: Data = {};
      const reversed: Data = {};
      for (const source of [one, other]) mergeData(inOrder, structuredClone(source), RELATIONS, copy);
      for (const source of [other, one]) mergeData(reversed, structuredClone(source), RELATIONS, copy);
      mergeData(inOrder, structuredClone(whole), RELATIONS, copy);
      mergeData(reversed, structuredClone(whole), RELATIONS, copy);
      expect(inOrder).toEqual(whole);
      expect(reversed).toEqual(whole);
    }),
  );
});

test('an answer that goes to two objects is shared by neither', () => {
  const source = { list: [{ a: 1 }], one: { b: 1 } };
  const targets: Data[] = [{}, {}];
  for (const target of targets) mergeData(target, source, RELATIONS, true);
  mergeData(targets[0] as Data, { list: [{ x: 1 }], one: { y: 1 } }, RELATIONS, false);
  expect(targets[1]).toEqual({ list: [{ a: 1 }], one: { b: 1 } });
});

test('a concrete type is never overwritten by an abstract one, and two concrete ones are told', () => {
  const target: Data = { __typename: 'Book' };
  mergeData(target, { __typename: 'Media' }, RELATIONS, false);
  expect(target.__typename).toBe('Book');
  mergeData(target, { __typename: 'Film' }, RELATIONS, false);
  expect(target.__typename).toBe(DISAGREED);
  const abstract: Data = { __typename: 'Media' };
  mergeData(abstract, { __typename: 'Book' }, RELATIONS, false);
  expect(abstract.__typename).toBe('Book');
});

test('a value wins over null and failure; lists of different lengths are told; __proto__ is no key', () => {
  const target: Data = { a: null, b: FAILED, c: { d: 1 }, e: [1, 2] };
  mergeData(target, JSON.parse('{"a":{"x":1},"b":2,"c":null,"e":[1],"__proto__":{"f":1}}') as Data, RELATIONS, false);
  expect(target).toEqual({ a: { x: 1 }, b: 2, c: { d: 1 }, e: DISAGREED });
  expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
});
