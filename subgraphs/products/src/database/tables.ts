/** Columns as Postgres gives them: bigint as text. */
export interface ProductTable {
  id: string;
  sku: string;
  name: string;
  description: string;
  price_minor: string;
  currency: string;
  weight_grams: number;
  category_id: string;
  parcel_class: 'LETTER' | 'PARCEL' | 'BULKY' | 'HAZARDOUS';
  in_stock: boolean;
}

/** A reference table: the same rows on every shard. */
export interface CategoryTable {
  id: string;
  slug: string;
  name: string;
}

/** Lies in the bucket of the sku's hash and says which product has it. */
export interface SkuLookupTable {
  sku: string;
  product_id: string;
}

export interface ProductsTables {
  'products.product': ProductTable;
  'products.category': CategoryTable;
  'products.sku_lookup': SkuLookupTable;
}
