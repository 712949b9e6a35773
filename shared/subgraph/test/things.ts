import { GraphError } from '@weft/errors';
import { defineSubgraph, entityKey, requireUser } from '../src/index.ts';

/** A subgraph without tables: what goes wrong in it goes wrong on purpose. */
export const things = defineSubgraph<Record<string, never>>({
  name: 'things',
  directory: new URL('./fixture/', import.meta.url),
  migrations: [{ name: '0001-nothing', statements: ['select 1'] }],
  loaders: [],
  receives: {
    async 'thing-told'({ payload }) {
      const { name } = payload as { name: string };
      if (name === 'bug') throw new Error('this one fails');
    },
  },
  resolvers: {
    Thing: {
      __resolveReference: (representation) => {
        const id = entityKey(representation, 'id');
        if (id === 'cursed') throw new Error('this one throws at once');
        return id === 'gone' ? null : { id, name: `thing ${id}` };
      },
    },
    Query: {
      hello: () => 'world',
      whoAmI: (_root, _args, context) => requireUser(context).subject,
      bug() {
        const cause = new Error('connect ECONNREFUSED 10.1.2.3:5432');
        throw new Error('select secret from accounts.account failed', { cause });
      },
      refused() {
        const extensions = { field: 'price' };
        throw new GraphError('BAD_USER_INPUT', 'The price is wrong.', { extensions, log: { shard: 'shard-7' } });
      },
      mustNotBeNull: () => null,
      never: (_root, _args, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        }),
      echo: (_root, { price }: { price: object }) => price,
      many: (_root, { of }: { of: { prices: readonly object[] } }) => of.prices,
      rows: () => 1,
    },
  },
});
