import { body, title } from './opinions.ts';
import type { Person } from './people.ts';
import {
  activityMs,
  KIND,
  productBucket,
  productId,
  productOfRank,
  type SeedPlan,
  seedId,
  userBucket,
  userId,
  userOfRank,
} from './plan.ts';
import { Random, STREAM } from './random.ts';
import { row, type SeedTable, timestamp } from './table.ts';
import { slice } from './zipf.ts';

/** Reviews product by product, so that the rating of a product and the row of its author need no memory of them. */
export function createRatings(plan: SeedPlan, person: (index: number) => Person) {
  const random = new Random();

  /** Popular products have many reviews, most have a few, all of one product by different authors. */
  function* reviewsOf(rank: number): Generator<{ number: number; author: number }> {
    const { from, to } = slice(plan.popularity, rank, plan.reviews);
    const count = Math.min(to - from, plan.users);
    let author = -1;
    for (let at = 0; at < count; at++) {
      random.at(STREAM.reviewAuthor, from + at);
      // one author from each of `count` equal parts of the spread, in rising rank: never the same one twice
      const drawn = plan.authorship.rankAt((at + random.next()) / count);
      author = Math.min(Math.max(drawn, author + 1), plan.users - (count - at));
      yield { number: from + at, author: userOfRank(plan, author) };
    }
  }

  /** A product has a quality, and its ratings scatter around it. */
  function rating(rank: number, number: number): number {
    const quality = 2.6 + 2.2 * Math.sqrt(random.at(STREAM.productQuality, rank).next());
    random.at(STREAM.review, number);
    const spread = (random.next() + random.next() + random.next() - 1.5) * 1.8;
    return Math.min(5, Math.max(1, Math.round(quality + spread)));
  }

  function reviewId(product: number, number: number): { id: string; ms: number } {
    const { ms } = activityMs(number, plan.reviews);
    return { id: seedId(KIND.review, ms, productBucket(product), number), ms };
  }

  function* reviews() {
    for (let rank = 0; rank < plan.products; rank++) {
      const product = productOfRank(plan, rank);
      for (const { number, author } of reviewsOf(rank)) {
        const { id, ms } = reviewId(product, number);
        const stars = rating(rank, number);
        yield row(
          productBucket(product),
          id,
          productId(plan, product),
          userId(plan, author),
          person(author).username,
          stars,
          title(random, stars),
          body(random, stars),
          timestamp(ms),
        );
      }
    }
  }

  function* totals() {
    for (let rank = 0; rank < plan.products; rank++) {
      const product = productOfRank(plan, rank);
      let sum = 0;
      let count = 0;
      for (const { number } of reviewsOf(rank)) {
        sum += rating(rank, number);
        count++;
      }
      // Also without a review: the row says that there is such a product.
      yield row(productBucket(product), productId(plan, product), sum, count);
    }
  }

  function* byAuthor() {
    for (let rank = 0; rank < plan.products; rank++) {
      const product = productOfRank(plan, rank);
      for (const { number, author } of reviewsOf(rank))
        yield row(userBucket(author), userId(plan, author), reviewId(product, number).id);
    }
  }

  const columns = ['id', 'product_id', 'author_id', 'author_username', 'rating', 'title', 'body', 'created_at'];
  const tables: SeedTable[] = [
    { name: 'reviews.review', columns, expected: plan.reviews, rows: reviews },
    {
      name: 'reviews.product_rating',
      columns: ['product_id', 'rating_sum', 'review_count'],
      expected: plan.products,
      rows: totals,
    },
    { name: 'reviews.review_by_author', columns: ['author_id', 'review_id'], expected: plan.reviews, rows: byAuthor },
  ];
  return { tables };
}
