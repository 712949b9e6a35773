import { defineReference } from '@weft/database';
import type { InventoryTables } from '../database/tables.ts';

export const allWarehouses = defineReference<InventoryTables>()({
  name: 'allWarehouses',
  statement: (db) =>
    db.selectFrom('inventory.warehouse').select(['id', 'name', 'country']).orderBy('name').orderBy('id'),
  ttlMs: 60_000,
});
