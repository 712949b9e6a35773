/** Columns as Postgres gives them: bigint and timestamptz as text. */
export interface ReviewTable {
  /** In the bucket of the product. */
  id: string;
  product_id: string;
  author_id: string;
  /** As it was when the review was written. */
  author_username: string;
  rating: number;
  title: string;
  body: string;
  created_at: string;
}

/**
 * One row for each product that this subgraph was told of, from before its first review: no row, no such product. Kept
 * by the statement that writes a review, so that an average costs one row.
 */
export interface ProductRatingTable {
  product_id: string;
  rating_sum: string;
  review_count: string;
}

/** Which reviews an author wrote: lies in the author's bucket and is kept by the relay. */
export interface ReviewByAuthorTable {
  author_id: string;
  review_id: string;
}

/** Which text a key was used for, and the review that came of it. In the bucket of the product. */
export interface IdempotencyTable {
  product_id: string;
  author_id: string;
  key: string;
  request_hash: string;
  review_id: string;
  created_at: string;
}

export interface ReviewsTables {
  'reviews.review': ReviewTable;
  'reviews.product_rating': ProductRatingTable;
  'reviews.review_by_author': ReviewByAuthorTable;
  'reviews.idempotency': IdempotencyTable;
}
