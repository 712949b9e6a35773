import { expect, test } from '@jest/globals';
import { parse, print, stripIgnoredCharacters } from 'graphql';
import { hoistTypenames } from './hoist-typenames.ts';
import { toPlannable } from './plannable.ts';
import { toClientName, toPrefixed } from './response-names.ts';
import { withoutExcluded } from './without-excluded.ts';

const NAMES = { reserved: new Set(['id', 'price', 'name']), inFieldSets: new Set(['price']) };

function plannable(text: string): string {
  return stripIgnoredCharacters(print(toPlannable(parse(text), undefined, NAMES).document));
}

test('an alias that is the name of a field, or means something to JavaScript, is asked under another', () => {
  expect(plannable('{ id: name price: id n: name id name: name }')).toBe(
    '{w__id:name w__price:id n:name id name:name}',
  );
  expect(plannable('{ then: id __proto__: id constructor: id toString w__x: id }')).toBe(
    '{w__then:id w____proto__:id w__constructor:id w__toString:toString w__w__x:id}',
  );
});

test('a field that requirements ask without arguments is asked under another name with arguments', () => {
  expect(plannable('{ price(in: EUR) name(in: EUR) }')).toBe('{w__price:price(in:EUR)name(in:EUR)}');
});

test("the planner's own variable is free", () => {
  expect(plannable('query ($representations: Int) { name(i: $representations) }')).toBe(
    'query($w__representations:Int){name(i:$w__representations)}',
  );
});

test('every name comes back as the client wrote it', () => {
  for (const name of ['a', 'w__a', 'w__', '__proto__', 'representations'])
    expect(toClientName(toPrefixed(name))).toBe(name);
});

test('what can never be included is taken out, and an object that would be empty is still asked for', () => {
  const without = (text: string, decided: Record<string, boolean> = {}) =>
    stripIgnoredCharacters(print(withoutExcluded(parse(text), (variable) => decided[variable])));
  expect(without('{ a @skip(if: true) b @include(if: true) c { d @include(if: false) } }')).toBe('{b c{__typename}}');
  expect(without('query($v:Boolean!){ a @skip(if: $v) b { c @include(if: $v) } }')).toBe(
    'query($v:Boolean!){a@skip(if:$v)b{c@include(if:$v)__typename}}',
  );
  expect(without('query($v:Boolean!){ a @skip(if: $v) b @include(if: $v) }', { v: true })).toBe(
    'query($v:Boolean!){b}',
  );
});

test('the type of an object is asked once, beside its fields', () => {
  const hoisted = (text: string) => stripIgnoredCharacters(print(hoistTypenames(parse(text))));
  expect(hoisted('{ a { ... on B { t: __typename c } x: __typename } d { e } }')).toBe(
    '{a{__typename ...on B{c}}d{e}}',
  );
  expect(hoisted('{ a { ...F } } fragment F on B { __typename }')).toBe(
    '{a{__typename ...F}}fragment F on B{__typename}',
  );
});
