import { bucketOfText } from '@weft/ids';
import { KIND, productBucket, productId, referenceId, type SeedPlan } from './plan.ts';
import { Random, STREAM } from './random.ts';
import { SHELVES, type Shelf, shelfAt, WAREHOUSES } from './shelves.ts';
import { row, type SeedTable } from './table.ts';
import type { Vocabulary } from './vocabulary.ts';

export const CURRENCY = 'EUR';

const PRAISE = [
  'Made in small batches and checked by hand.',
  'Built for daily use, in any weather.',
  'Simple to look after and easy to repair.',
  'A classic that has hardly changed in fifty years.',
  'Light enough to carry, strong enough to keep.',
  'Spare parts are available for ten years.',
];

interface Good {
  readonly shelf: number;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly priceMinor: number;
  readonly grams: number;
  readonly parcelClass: string;
  readonly flaggedInStock: boolean;
}

/** Products with their price list, stock and lookup rows; every table makes its goods again from their index. */
export function createGoods(plan: SeedPlan, words: Vocabulary) {
  const random = new Random();

  /** Draws shelf and price first, so that an order line can have the price without the rest. */
  function offer(index: number): { shelf: number; priceMinor: number } {
    random.at(STREAM.product, index);
    const shelf = shelfAt(random.next());
    const [low, high] = (SHELVES[shelf] as Shelf).priceMinor;
    // log-uniform, as prices are: many cheap things, few dear ones; they end in 9 or 90
    const exact = low * (high / low) ** random.next();
    const priceMinor = exact < 2_000 ? Math.round(exact / 10) * 10 + 9 : Math.round(exact / 100) * 100 + 90;
    return { shelf, priceMinor };
  }

  function good(index: number): Good {
    const { shelf, priceMinor } = offer(index);
    const { nouns, grams: range, slug, hazardous } = SHELVES[shelf] as Shelf;
    const noun = random.pick(nouns);
    const adjective = random.pick(words.adjectives);
    const material = random.pick(words.materials);
    const grams = Math.round(range[0] * (range[1] / range[0]) ** random.next());
    const initials = slug.slice(0, 2).toUpperCase();
    return {
      shelf,
      sku: `${initials}-${index.toString(36).toUpperCase().padStart(5, '0')}`,
      name: `${random.pick(words.brands)} ${adjective} ${noun}`,
      description: `${noun} with ${material.toLowerCase()} parts. ${random.pick(PRAISE)} ${random.pick(PRAISE)}`,
      priceMinor,
      grams,
      parcelClass: hazardous ? 'HAZARDOUS' : grams > 15_000 ? 'BULKY' : grams <= 250 ? 'LETTER' : 'PARCEL',
      flaggedInStock: random.next() < 0.9,
    };
  }

  function* products() {
    for (let index = 0; index < plan.products; index++) {
      const it = good(index);
      yield row(
        productBucket(index),
        productId(plan, index),
        it.sku,
        it.name,
        it.description,
        it.priceMinor,
        CURRENCY,
        it.grams,
        referenceId(KIND.category, it.shelf),
        it.parcelClass,
        it.flaggedInStock ? 't' : 'f',
      );
    }
  }

  function* skus() {
    for (let index = 0; index < plan.products; index++) {
      const { sku } = good(index);
      yield row(bucketOfText(sku), sku, productId(plan, index));
    }
  }

  function* prices() {
    for (let index = 0; index < plan.products; index++)
      yield row(productBucket(index), productId(plan, index), offer(index).priceMinor, CURRENCY);
  }

  /** In one to four warehouses; about one product in twelve is sold out everywhere. */
  function* stock() {
    const own = new Random();
    for (let index = 0; index < plan.products; index++) {
      own.at(STREAM.stock, index);
      const soldOut = own.next() < 0.08;
      const first = own.int(0, WAREHOUSES.length - 1);
      for (let count = own.int(1, 4), at = 0; at < count; at++) {
        const warehouse = referenceId(KIND.warehouse, (first + at) % WAREHOUSES.length);
        yield row(productBucket(index), productId(plan, index), warehouse, soldOut ? 0 : own.int(1, 400));
      }
    }
  }

  return {
    tables: tablesOf(plan.products, { products, skus, prices, stock }),
    priceMinor: (index: number) => offer(index).priceMinor,
  };
}

function tablesOf(
  expected: number,
  rows: Record<'products' | 'skus' | 'prices' | 'stock', SeedTable['rows']>,
): SeedTable[] {
  const productColumns = ['id', 'sku', 'name', 'description', 'price_minor', 'currency'];
  return [
    {
      name: 'products.category',
      columns: ['id', 'slug', 'name'],
      everywhere: true,
      expected: SHELVES.length,
      rows: categories,
    },
    {
      name: 'products.product',
      columns: [...productColumns, 'weight_grams', 'category_id', 'parcel_class', 'in_stock'],
      expected,
      rows: rows.products,
    },
    { name: 'products.sku_lookup', columns: ['sku', 'product_id'], expected, rows: rows.skus },
    { name: 'orders.price', columns: ['product_id', 'price_minor', 'currency'], expected, rows: rows.prices },
    {
      name: 'inventory.warehouse',
      columns: ['id', 'name', 'country'],
      everywhere: true,
      expected: WAREHOUSES.length,
      rows: warehouses,
    },
    {
      name: 'inventory.stock',
      columns: ['product_id', 'warehouse_id', 'quantity'],
      expected: expected * 2.5,
      rows: rows.stock,
    },
  ];
}

function* categories() {
  for (const [index, { slug, name }] of SHELVES.entries()) yield row(0, referenceId(KIND.category, index), slug, name);
}

function* warehouses() {
  for (const [index, { name, country }] of WAREHOUSES.entries())
    yield row(0, referenceId(KIND.warehouse, index), name, country);
}
