import { expect, test } from '@jest/globals';
import { byId, defineRowLoader, defineScatter, defineTopLoader } from './index.ts';

interface Tables {
  'products.product': { id: string; name: string; category_id: string; price_minor: string };
}

export const productById = defineRowLoader<Tables>()({
  name: 'productById',
  route: byId,
  statement: (db, keys) => db.selectFrom('products.product').select(['id', 'name']).where('id', '=', keys.any()),
  keyOf: (row) => row.id,
  cache: { tag: 'Product', ttlMs: 60_000 },
});

export const top = defineTopLoader<Tables>()({
  name: 'top',
  route: byId,
  orderBy: [{ column: 'id', type: 'bigint', direction: 'desc' }],
  max: 10,
  statement: (db, parent) => db.selectFrom('products.product').select('id').where('category_id', '=', parent.key()),
});

export const search = defineScatter<Tables, { category: string; minPrice?: string | null }>()({
  name: 'search',
  orderBy: [{ column: 'id', type: 'bigint', direction: 'desc' }],
  max: 10,
  examples: [],
  statement: (db, args) => {
    let query = db.selectFrom('products.product').select('id').where('category_id', '=', args.category);
    if (args.minPrice !== undefined) query = query.where('price_minor', '>=', args.minPrice);
    return query;
  },
});

test('x', () => expect(productById.kind).toBe('row'));
