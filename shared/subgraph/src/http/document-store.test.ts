import { expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { createDocumentStore } from './document-store.ts';

test('the document that was not used for longest is the one that goes', async () => {
  const store = createDocumentStore(2);
  const document = parse('{ a }');
  await store.set('a', document);
  await store.set('b', document);
  await store.get('a');
  await store.set('c', document);
  expect([await store.get('a'), await store.get('b'), await store.get('c')]).toEqual([document, undefined, document]);
});
