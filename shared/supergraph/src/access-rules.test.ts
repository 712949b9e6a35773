import { buildSchema } from '@apollo/federation-internals';
import { expect, test } from '@jest/globals';
import { readAccessRules } from './access-rules.ts';

test('a field that a subgraph adds to a whole interface is kept on every type behind it', () => {
  const schema = buildSchema(`
    schema
      @link(url: "https://specs.apollo.dev/link/v1.0")
      @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
    { query: Query }
    directive @link(url: String, for: link__Purpose) repeatable on SCHEMA
    enum link__Purpose { SECURITY EXECUTION }
    directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
    directive @join__type(isInterfaceObject: Boolean) repeatable on INTERFACE
    type Query { media: Media }
    interface Media @join__type(isInterfaceObject: true) { id: ID score: Int @authenticated }
    type Book implements Media { id: ID score: Int }
    interface Other { mail: String @authenticated }
    type Guest implements Other { mail: String }
  `);
  const rule = [{ anyOf: undefined }];
  expect(readAccessRules(schema)).toEqual(
    new Map([
      ['Media.score', rule],
      ['Other.mail', rule],
      ['Book.score', rule],
    ]),
  );
});
