import { type Page, toConnection } from '@weft/database';
import { GraphError } from '@weft/errors';
import type { FieldResolver, Money } from '@weft/subgraph';
import type { ProductsTables, ProductTable } from '../database/tables.ts';
import { allCategories } from '../loaders/all-categories.ts';
import { productsByCategory } from '../loaders/products-by-category.ts';

interface Arguments {
  readonly category: string;
  readonly minPrice?: Money | null;
  readonly maxPrice?: Money | null;
  readonly first: number;
  readonly after?: string | null;
}

const NOTHING: Page<ProductTable> = { rows: [], hasNextPage: false, cursorOf: () => '' };

/** A category that is not there has no products. */
export const searchProducts: FieldResolver<ProductsTables> = async (_root, args: Arguments, { session }) => {
  const range = priceRange(args);
  const categories = await session.reference(allCategories);
  const category = categories.find(({ slug }) => slug === args.category);
  const page =
    category === undefined
      ? NOTHING
      : await session.scatter(productsByCategory, { categoryId: category.id, ...range }, args);
  return toConnection(page, (row) => row);
};

/** ISO 4217, with the currencies that were: prices of old can be in one. */
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** A bound that no price can be at is a mistake, and would look like an empty shelf. */
function assertPrice(bound: string, price: Money | null | undefined): void {
  if (!price) return;
  if (price.amountMinor < 0n) throw new GraphError('BAD_USER_INPUT', `${bound} must not be negative.`);
  if (!CURRENCIES.has(price.currency)) {
    const reason = `${bound} is in ${price.currency}, which is no currency that is known here.`;
    throw new GraphError('BAD_USER_INPUT', reason);
  }
}

/** Amounts of different currencies have no order: a bound takes the products of its own currency only. */
function priceRange({ minPrice, maxPrice }: Arguments) {
  assertPrice('minPrice', minPrice);
  assertPrice('maxPrice', maxPrice);
  if (minPrice && maxPrice && minPrice.currency !== maxPrice.currency) {
    throw new GraphError('BAD_USER_INPUT', 'minPrice and maxPrice are of different currencies.');
  }
  return {
    currency: (minPrice ?? maxPrice)?.currency,
    minPrice: minPrice?.amountMinor.toString(),
    maxPrice: maxPrice?.amountMinor.toString(),
  };
}
