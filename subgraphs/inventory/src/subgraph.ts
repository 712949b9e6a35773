import { defineSubgraph } from '@weft/subgraph';
import { inventory } from './database/migrations/0001-inventory.ts';
import type { InventoryTables } from './database/tables.ts';
import { product, stockLevel } from './entities/product.ts';
import { warehouse } from './entities/warehouse.ts';
import { allWarehouses } from './loaders/all-warehouses.ts';
import { stockByProduct } from './loaders/stock-by-product.ts';
import { warehouses } from './operations/warehouses.ts';

/** What is where, and what shipping it costs. Stock lies in the bucket of its product. */
export const subgraph = defineSubgraph<InventoryTables>({
  name: 'inventory',
  directory: new URL('..', import.meta.url),
  resolvers: {
    Query: { warehouses },
    Product: product,
    StockLevel: stockLevel,
    Warehouse: warehouse,
  },
  migrations: [inventory],
  loaders: [stockByProduct, allWarehouses],
});
