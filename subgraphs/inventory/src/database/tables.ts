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

/** What an order holds of a product, or may not have any more. Lies in the bucket of the product. */
export interface ReservationTable {
  product_id: string;
  order_id: string;
  state: 'RESERVED' | 'REFUSED' | 'RELEASED';
  at: string;
}

export interface ReservedStockTable {
  product_id: string;
  order_id: string;
  warehouse_id: string;
  quantity: number;
}

export interface InventoryTables {
  'inventory.reservation': ReservationTable;
  'inventory.reserved_stock': ReservedStockTable;
  'inventory.stock': StockTable;
  'inventory.warehouse': WarehouseTable;
}
