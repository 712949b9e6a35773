import { expect, test } from '@jest/globals';
import { type ConstDirectiveNode, Kind, parse } from 'graphql';
import { annotationOf, type CacheAnnotation, type CacheHint, hintOfField, NO_ANNOTATION } from './index.ts';

/** `@cacheControl` as it is written on a type. */
function annotation(text: string): CacheAnnotation {
  return annotationOf(directivesOf(text)) ?? NO_ANNOTATION;
}

function directivesOf(text: string): readonly ConstDirectiveNode[] | undefined {
  const [node] = parse(`type Thing ${text} { id: ID }`).definitions;
  return node?.kind === Kind.OBJECT_TYPE_DEFINITION ? node.directives : undefined;
}

test('a type without @cacheControl has no annotation', () => {
  expect(annotationOf(directivesOf(''))).toBeUndefined();
  expect(annotationOf(directivesOf('@key(fields: "id")'))).toBeUndefined();
  expect(annotationOf(undefined)).toBeUndefined();
});

const LEAF = undefined;
const hints: [string, string, string | undefined, boolean, CacheHint][] = [
  ['a leaf says nothing', '', LEAF, false, {}],
  ['a root field that says nothing is not kept', '', LEAF, true, { maxAge: 0 }],
  ['a field of a type that says nothing is not kept', '', '', false, { maxAge: 0 }],
  ['the type says it', '', '@cacheControl(maxAge: 60, scope: PRIVATE)', true, { maxAge: 60, scope: 'PRIVATE' }],
  ['the field over its type', '@cacheControl(maxAge: 9)', '@cacheControl(maxAge: 60)', false, { maxAge: 9 }],
  [
    'each part by itself',
    '@cacheControl(scope: PUBLIC)',
    '@cacheControl(maxAge: 60, scope: PRIVATE)',
    false,
    { maxAge: 60, scope: 'PUBLIC' },
  ],
  ['a field that inherits', '@cacheControl(inheritMaxAge: true)', '', false, {}],
  ['a root field has nothing to inherit', '@cacheControl(inheritMaxAge: true)', '', true, { maxAge: 0 }],
  ['a type that inherits', '', '@cacheControl(inheritMaxAge: true)', false, {}],
  ['inheriting over a maxAge beside it', '@cacheControl(maxAge: 9, inheritMaxAge: true)', '', false, {}],
  [
    'one that inherits, of a type with a maxAge',
    '@cacheControl(inheritMaxAge: true)',
    '@cacheControl(maxAge: 60)',
    false,
    { maxAge: 60 },
  ],
];

test.each(hints)('%s', (_what, own, ofType, isRootField, expected) => {
  const type = ofType === undefined ? undefined : annotation(ofType);
  expect(hintOfField(annotation(own), type, isRootField)).toEqual(expected);
});
