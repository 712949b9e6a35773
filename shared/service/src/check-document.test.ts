import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DocumentNode, Kind, parse, type SelectionSetNode, visit } from 'graphql';
import { checkDocument } from './check-document.ts';
import { documentLimits } from './document-limits.ts';

const limits = documentLimits.parse({});
const wide = {
  bytes: 1e6,
  tokens: 1e6,
  depth: 1e6,
  nesting: 1e6,
  aliases: 1e6,
  rootFields: 1e6,
  directives: 1e6,
  selections: 1e12,
};

const codeOf = (text: string, changed: Partial<typeof limits> = {}): string => {
  try {
    checkDocument(text, { ...limits, ...changed });
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('a document at a limit is taken and one over it is refused with its code', () => {
  const nested = (levels: number) => `${'{a'.repeat(levels)}${'}'.repeat(levels)}`;
  const cases: [string, string, string, Partial<typeof limits>][] = [
    ['{ a }', '{ ab }', 'LIMIT_EXCEEDED', { bytes: 5 }],
    ['{ a b }', '{ a b c }', 'TOO_MANY_TOKENS', { tokens: 4 }],
    [nested(3), nested(4), 'MAX_DEPTH_LIMIT', { depth: 3 }],
    ['{ a(b: [[1]]) }', '{ a(b: [[[1]]]) }', 'MAX_DEPTH_LIMIT', { nesting: 4 }],
    ['{ x: a y: b }', '{ x: a y: b z: c }', 'MAX_ALIASES_LIMIT', { aliases: 2 }],
    ['{ a b }', '{ a b c }', 'LIMIT_EXCEEDED', { rootFields: 2 }],
    ['{ a @x @y }', 'query @x { a @x @y }', 'LIMIT_EXCEEDED', { directives: 2 }],
    ['{ a { b } }', '{ a { b c } }', 'COST_ESTIMATED_TOO_EXPENSIVE', { selections: 2 }],
  ];
  for (const [taken, over, code, limit] of cases) {
    expect([taken, codeOf(taken, limit)]).toEqual([taken, 'taken']);
    expect([over, codeOf(over, limit)]).toEqual([over, code]);
  }
});

test('bytes are counted as UTF-8, and the refusal tells the limit', () => {
  expect(codeOf('# \u20ac', { bytes: 5 })).toBe('taken');
  expect(codeOf('# \u20ac\u20ac', { bytes: 5 })).toBe('LIMIT_EXCEEDED');
  expect(() => checkDocument('{ a b c }', { ...limits, tokens: 4 })).toThrow(
    expect.objectContaining({
      message: 'The document has more than 4 tokens.',
      extensions: { code: 'TOO_MANY_TOKENS', limit: 4 },
    }),
  );
});

test('fragments do not hide depth, root fields or how much is selected', () => {
  const chain = (n: number) =>
    `query { ...f0 } ${Array.from({ length: n }, (_, i) => `fragment f${i} on Q { a { ...f${i + 1} } }`).join(' ')} fragment f${n} on Q { end }`;
  expect(codeOf(chain(19))).toBe('taken');
  expect(codeOf(chain(20))).toBe('MAX_DEPTH_LIMIT');
  const fields = Array.from({ length: 21 }, (_, i) => `f${i}`).join(' ');
  for (const hidden of [
    `{ ...F } fragment F on Query { ${fields} }`,
    `{ ... on Query { ${fields} } }`,
    `{ ... @include(if: true) { ${fields} } }`,
  ]) {
    expect(codeOf(hidden)).toBe('LIMIT_EXCEEDED');
  }
  expect(codeOf(`{ a { ...F } } fragment F on T { ${fields} }`)).toBe('taken');
});

test('a small document that stands for millions of fields is refused in no time', () => {
  const levels = 30;
  const fan = Array.from(
    { length: levels },
    (_, i) => `fragment f${i} on T { x { ...f${i + 1} } y { ...f${i + 1} } }`,
  ).join(' ');
  const text = `{ a { ...f0 } } ${fan} fragment f${levels} on T { z }`;
  const began = performance.now();
  expect(codeOf(text, { depth: 100 })).toBe('COST_ESTIMATED_TOO_EXPENSIVE');
  expect(performance.now() - began).toBeLessThan(50);
});

test('fragments that are inside themselves, missing or doubled end the count and are left to validation', () => {
  expect(codeOf('{ ...A } fragment A on T { a ...B } fragment B on T { b ...A }')).toBe('taken');
  expect(codeOf('{ ...A } fragment A on T { a { ...A } }')).toBe('taken');
  expect(codeOf('{ ...Missing }')).toBe('taken');
  expect(codeOf('{ ...A } fragment A on T { a } fragment A on T { b }')).toBe('taken');
});

test('hostile documents cost neither stack nor time', () => {
  const hostile = {
    lists: `{ a(b: ${'['.repeat(30_000)}`,
    objects: `{ a(b: ${'{b:'.repeat(20_000)}`,
    types: `query ($a: ${'['.repeat(30_000)}`,
    fields: '{a'.repeat(30_000),
    inline: `{${'...{'.repeat(15_000)}`,
    names: 'a '.repeat(30_000),
    string: `"${'\\'.repeat(60_000)}`,
    block: `"""${'\\"""'.repeat(15_000)}`,
    comment: `#${'#'.repeat(60_000)}`,
    closing: '}'.repeat(60_000),
    spreads: `{${'...A '.repeat(15_000)}} fragment A on T {${'...A '.repeat(1_000)}}`,
  };
  for (const [name, text] of Object.entries(hostile)) {
    const began = performance.now();
    expect([name, codeOf(text)]).not.toEqual([name, 'INTERNAL_SERVER_ERROR']);
    codeOf(text, wide);
    expect([name, performance.now() - began < 1_000]).toEqual([name, true]);
  }
});

test('what is not GraphQL passes up to where the parser refuses it', () => {
  for (const text of [
    '',
    '   ',
    '}',
    '{ a ) { b } }',
    '{ a "',
    '?',
    'query',
    '{',
    'fragment',
    'fragment F',
    '...',
    ':',
    '@',
  ]) {
    expect([text, codeOf(text)]).toEqual([text, 'taken']);
  }
});

/** The same counts from the syntax tree, by recursion. */
function counted(document: DocumentNode) {
  let [aliases, directives] = [0, 0];
  visit(document, { Field: ({ alias }) => void (alias && aliases++), Directive: () => void directives++ });
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const walk = (set: SelectionSetNode | undefined, level: number): { depth: number; fields: number; roots: number } => {
    const total = { depth: 0, fields: 0, roots: 0 };
    for (const selection of set?.selections ?? []) {
      const inside =
        selection.kind === Kind.FIELD
          ? walk(selection.selectionSet, level + 1)
          : walk(
              selection.kind === Kind.INLINE_FRAGMENT
                ? selection.selectionSet
                : fragments.get(selection.name.value)?.selectionSet,
              level,
            );
      total.fields += inside.fields + (selection.kind === Kind.FIELD ? 1 : 0);
      total.roots += inside.roots + (selection.kind === Kind.FIELD && level === 1 ? 1 : 0);
      total.depth = Math.max(total.depth, inside.depth, selection.kind === Kind.FIELD ? level : 0);
    }
    return total;
  };
  const operations = document.definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION ? [walk(one.selectionSet, 1)] : [],
  );
  const most = (of: 'depth' | 'fields' | 'roots') => Math.max(0, ...operations.map((one) => one[of]));
  return {
    operations: operations.length,
    aliases,
    directives,
    depth: most('depth'),
    selections: most('fields'),
    rootFields: most('roots'),
  };
}

/** Documents that graphql-js can parse. A fragment spreads only later ones, so that none is inside itself. */
const documents = (() => {
  const name = fc.constantFrom('a', 'b', 'on_', 'fragment', 'query', 'type', 'F1');
  const directive = fc.constantFrom('', '', ' @d', ' @skip(if: $v)', ' @d(a: {b: [1, {c: "{"}]}) @e');
  const args = fc.constantFrom('', '', '(x: 1)', '(x: {y: {z: [1 2]}, w: """}"""})', '(x: $v, y: "a: b") # {a: b}\n');
  const { set } = fc.letrec<{ set: (fragment: number) => string; selection: (fragment: number) => string }>((tie) => ({
    set: fc
      .array(tie('selection'), { minLength: 1, maxLength: 3 })
      .map((all) => (fragment: number) => `{${all.map((make) => make(fragment)).join(' ')}}`),
    selection: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(fc.constantFrom('', '', 'x: ', 'on : '), name, args, directive).map((parts) => () => parts.join('')),
      fc.tuple(directive, fc.nat(3)).map(
        ([at, step]) =>
          (fragment: number) =>
            fragment + step + 1 < 4 ? `...f${fragment + step + 1}${at}` : 'end',
      ),
      fc.tuple(fc.constantFrom('... ', '... on T '), directive, tie('set')).map(
        ([head, at, inside]) =>
          (fragment: number) =>
            `${head}${at}${inside(fragment)}`,
      ),
      fc.tuple(fc.constantFrom('', 'y:'), name, args, directive, tie('set')).map(
        ([alias, field, arg, at, inside]) =>
          (fragment: number) =>
            `${alias}${field}${arg}${at}${inside(fragment)}`,
      ),
    ),
  }));
  const head = fc.constantFrom(
    '',
    'query ',
    'query fragment ',
    'mutation M($v: [[Int!]!] = [[1]] @d) @e ',
    'subscription on ($v: In = {a: {b: 1}}) ',
  );
  return fc
    .tuple(head, set, set, set, set)
    .map(([start, operation, ...fragments]) =>
      [`${start}${operation(-1)}`, ...fragments.map((make, index) => `fragment f${index} on T @d ${make(index)}`)].join(
        '\n',
      ),
    );
})();

test('counts agree with the syntax tree for any document', () => {
  fc.assert(
    fc.property(documents, (text) => {
      const { tokens: _, ...counts } = checkDocument(text, wide);
      expect([text, counts]).toEqual([text, counted(parse(text))]);
    }),
    { numRuns: 500 },
  );
});
