import { jobsSchemaOf } from '@weft/queue';
import { defineSubgraph } from '@weft/subgraph';
import { inventory } from './database/migrations/0001-inventory.ts';
import { reservations } from './database/migrations/0002-reservations.ts';
import { jobs } from './database/migrations/0003-jobs.ts';
import type { InventoryTables } from './database/tables.ts';
import { product, stockLevel } from './entities/product.ts';
import { warehouse } from './entities/warehouse.ts';
import { RELEASE_STOCK, releaseStock } from './events/release-stock.ts';
import { RESERVE_STOCK, reserveStock } from './events/reserve-stock.ts';
import { STOCK_ANSWERED, sendAnswers, tellOrders } from './jobs/tell-orders.ts';
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
  migrations: [inventory, reservations, jobs],
  schemas: [jobsSchemaOf('inventory')],
  loaders: [stockByProduct, allWarehouses],
  receives: { [RESERVE_STOCK]: reserveStock, [RELEASE_STOCK]: releaseStock },
  relay: { [STOCK_ANSWERED]: sendAnswers },
  jobs: [tellOrders],
});
