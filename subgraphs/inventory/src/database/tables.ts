/** Columns as Postgres gives them: bigint as text. Lies in the bucket of the product. */
export interface StockTable {
  product_id: string;
  warehouse_id: string;
  quantity: number;
}

/** A reference table: the same rows on every shard. */
export interface WarehouseTable {
  id: string;
  name: string;
  country: string;
}

export interface InventoryTables {
  'inventory.stock': StockTable;
  'inventory.warehouse': WarehouseTable;
}
