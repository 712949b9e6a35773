import { expect, test } from '@jest/globals';
import { negotiateMediaType, prefersHtml } from './media-type.ts';

test('the media type is the one that the client likes best, JSON when it does not say', () => {
  const graphql = 'application/graphql-response+json';
  const cases: Record<string, string> = {
    '': 'application/json',
    '*/*': 'application/json',
    'application/*': 'application/json',
    'application/json': 'application/json',
    [graphql]: graphql,
    [`${graphql}, application/json`]: graphql,
    [`application/json, ${graphql}`]: 'application/json',
    [`${graphql};q=0.5, application/json`]: 'application/json',
    [`application/json;q=0.5, ${graphql}`]: graphql,
    [`text/html, ${graphql};q=0.1, */*;q=0`]: graphql,
    'APPLICATION/JSON ; q=1': 'application/json',
    'application/json;q=0, */*': graphql,
  };
  for (const [accept, type] of Object.entries(cases))
    expect([accept, negotiateMediaType(accept)]).toEqual([accept, type]);
  expect(negotiateMediaType(undefined)).toBe('application/json');
  for (const accept of ['text/html', 'image/*', 'application/json;q=0', 'rubbish']) {
    expect(() => negotiateMediaType(accept)).toThrow(expect.objectContaining({ code: 'NOT_ACCEPTABLE' }));
  }
});

test('only what names HTML first is a browser that asks for a page', () => {
  expect(prefersHtml('text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')).toBe(true);
  for (const accept of [undefined, '*/*', 'application/json', 'application/json, text/html;q=0.9']) {
    expect(prefersHtml(accept)).toBe(false);
  }
});
