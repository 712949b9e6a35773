import { expect, test } from '@jest/globals';
import { loadSupergraph } from '@weft/supergraph';
import { graphOf } from '../../test/graph-of.ts';
import { composeSubgraphs } from '../compose/compose.ts';
import { contractSupergraph } from './contract-schema.ts';
import { elementsOf } from './shown-elements.ts';

test('the supergraph of a contract shows its part, plans over all, and keeps the rules of who may see what', () => {
  const composition = composeSubgraphs(
    graphOf({
      a: `type Query { me: User find(by: Filter, in: Zone): Hit kind: Kind }
        type User @key(fields: "id") { id: ID! mail: String @requiresScopes(scopes: [["pii"]]) notes: String @tag(name: "internal") }
        input Filter { text: String secret: String @tag(name: "internal") }
        input Zone @tag(name: "internal") { name: String }
        union Hit = User | Ghost
        type Ghost @tag(name: "internal") { id: ID }
        enum Kind { OPEN CLOSED @tag(name: "internal") }`,
    }),
  );
  if ('errors' in composition) throw new Error(composition.errors[0]?.message);
  const whole = loadSupergraph(composition.supergraphSdl);
  const part = loadSupergraph(contractSupergraph(composition.supergraphSdl, { include: [], exclude: ['internal'] }));
  const left = elementsOf(part.schema);
  expect([...elementsOf(whole.schema)].filter((element) => !left.has(element)).sort()).toEqual([
    'Filter.secret',
    'Ghost',
    'Ghost.id',
    'Kind.CLOSED',
    'Query.find.in',
    'User.notes',
    'Zone',
    'Zone.name',
  ]);
  expect(part.access).toEqual(whole.access);
  expect(part.subgraphs).toEqual(whole.subgraphs);
});
