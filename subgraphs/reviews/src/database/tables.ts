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

/** Kept by the statement that writes a review, so that an average costs one row. */
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

export interface ReviewsTables {
  'reviews.review': ReviewTable;
  'reviews.product_rating': ProductRatingTable;
  'reviews.review_by_author': ReviewByAuthorTable;
}
