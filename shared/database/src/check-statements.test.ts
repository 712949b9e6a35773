import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { byId, checkStatements, defineReference, defineRowLoader, defineScatter, defineTopLoader } from './index.ts';

interface Tables {
  'shop.product': { id: string; name: string; category_id: string };
  'shop.review': { id: string; product_id: string; rating: number };
  'shop.category': { id: string; name: string };
  product: { id: string };
}
const row = defineRowLoader<Tables>();
const keyOf = ({ id }: { id: string }): string => id;
const categories = defineReference<Tables>()({
  name: 'categories',
  statement: (db) => db.selectFrom('shop.category').select(['id', 'name']),
  ttlMs: 1_000,
});

test('a statement that is restricted by its keys passes, with joins by a key and reference tables beside it', () => {
  checkStatements([
    categories,
    row({
      name: 'a',
      route: byId,
      keyOf,
      statement: (db, keys) => db.selectFrom('shop.product').select('id').where('id', '=', keys.any()),
    }),
    row({
      name: 'b',
      route: byId,
      keyOf,
      statement: (db, keys) =>
        db
          .selectFrom('shop.product as p')
          .innerJoin('shop.review as r', 'r.product_id', 'p.id')
          .leftJoin('shop.category as c', 'c.id', 'p.category_id')
          .select('p.id')
          .where('p.name', '<>', '')
          .where('p.id', '=', keys.any()),
    }),
    row({
      name: 'c',
      route: byId,
      keyOf,
      statement: (db, keys) =>
        db
          .selectFrom('shop.product')
          .select([
            'id',
            (eb) =>
              eb
                .selectFrom('shop.review as r')
                .select((e) => e.fn.countAll().as('n'))
                .whereRef('r.product_id', '=', 'shop.product.id')
                .as('n'),
          ])
          .where('id', '=', keys.any()),
    }),
    defineTopLoader<Tables>()({
      name: 'd',
      route: byId,
      max: 10,
      orderBy: [{ column: 'id', type: 'bigint', direction: 'desc' }],
      statement: (db, parent) => db.selectFrom('shop.review').select('id').where('product_id', '=', parent.key()),
    }),
    defineScatter<Tables, { category: string }>()({
      name: 'e',
      max: 10,
      orderBy: [{ column: 'id', type: 'bigint', direction: 'desc' }],
      examples: [{ category: '1' }],
      statement: (db, args) => db.selectFrom('shop.product').select('id').where('category_id', '=', args.category),
    }),
  ]);
});

test('a sharded table without its key is refused, by the name of loader, table and key', () => {
  const wrong = [
    row({ name: 'noWhere', route: byId, keyOf, statement: (db) => db.selectFrom('shop.product').select('id') }),
    row({
      name: 'underOr',
      route: byId,
      keyOf,
      statement: (db, keys) =>
        db
          .selectFrom('shop.product')
          .select('id')
          .where((eb) => eb.or([eb('id', '=', keys.any()), eb('name', '=', 'x')])),
    }),
    row({
      name: 'notEqual',
      route: byId,
      keyOf,
      statement: (db, keys) => db.selectFrom('shop.product').select('id').where('id', '>', keys.any()),
    }),
    row({
      name: 'joinedFreely',
      route: byId,
      keyOf,
      statement: (db, keys) =>
        db
          .selectFrom('shop.product as p')
          .innerJoin('shop.review as r', (join) => join.on('r.rating', '>', 3))
          .select('p.id')
          .where('p.id', '=', keys.any()),
    }),
    row({
      name: 'inSubquery',
      route: byId,
      keyOf,
      statement: (db, keys) =>
        db
          .selectFrom('shop.product')
          .select(['id', (eb) => eb.selectFrom('shop.review').select(sql<number>`count(*)`.as('n')).as('n')])
          .where('id', '=', keys.any()),
    }),
    row({
      name: 'noSchema',
      route: byId,
      keyOf,
      statement: (db, keys) => db.selectFrom('product').select('id').where('id', '=', keys.any()),
    }),
  ];
  for (const [loader, said] of [
    [wrong[0], 'noWhere: shop.product is read without its access key: its column = keys.any() is missing from `where`'],
    [wrong[1], 'underOr: shop.product is read without'],
    [wrong[2], 'notEqual: shop.product is read without'],
    [wrong[3], 'joinedFreely: shop.review is read without'],
    [wrong[4], 'inSubquery: shop.review is read without'],
    [wrong[5], 'noSchema: product is named without its schema'],
  ] as const) {
    if (loader === undefined) throw new Error('no loader');
    expect(() => checkStatements([loader])).toThrow(said);
  }
});

test('what no page can be made by is refused: orders that go two ways, limits of the owner, scatters without examples, equal names', () => {
  const top = defineTopLoader<Tables>();
  const base = { name: 'x', route: byId, max: 10 };
  const id = { column: 'id', type: 'bigint', direction: 'desc' } as const;
  expect(() =>
    checkStatements([
      top({
        ...base,
        orderBy: [{ column: 'rating', type: 'smallint', direction: 'asc' }, id],
        statement: (db, parent) =>
          db.selectFrom('shop.review').select(['id', 'rating']).where('product_id', '=', parent.key()),
      }),
    ]),
  ).toThrow('must go one way');
  expect(() =>
    checkStatements([
      top({
        ...base,
        orderBy: [id],
        statement: (db, parent) =>
          db.selectFrom('shop.review').select('id').where('product_id', '=', parent.key()).limit(3),
      }),
    ]),
  ).toThrow('order and limit of a top loader');
  expect(() =>
    checkStatements([
      defineScatter<Tables, object>()({
        name: 'y',
        orderBy: [id],
        max: 5,
        examples: [],
        statement: (db) => db.selectFrom('shop.review').select('id'),
      }),
    ]),
  ).toThrow('y: a scatter needs examples');
  expect(() => checkStatements([categories, categories])).toThrow('categories: two declarations have this name');
});
