import { defineSubgraph } from '@weft/subgraph';
import { products as productsMigration } from './database/migrations/0001-products.ts';
import type { ProductsTables } from './database/tables.ts';
import { category } from './entities/category.ts';
import { product } from './entities/product.ts';
import { allCategories } from './loaders/all-categories.ts';
import { productById } from './loaders/product-by-id.ts';
import { productIdBySku } from './loaders/product-id-by-sku.ts';
import { productsByCategory } from './loaders/products-by-category.ts';
import { categories } from './operations/categories.ts';
import * as lookups from './operations/products.ts';
import { searchProducts } from './operations/search-products.ts';

/** What is for sale: Product by id and by sku, and the categories. A product lies in the bucket of its id. */
export const subgraph = defineSubgraph<ProductsTables>({
  name: 'products',
  directory: new URL('..', import.meta.url),
  resolvers: {
    Query: { ...lookups, searchProducts, categories },
    Product: product,
    Category: category,
  },
  migrations: [productsMigration],
  loaders: [productById, productIdBySku, productsByCategory, allCategories],
});
