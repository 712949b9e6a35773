import { composeId, EPOCH_MS } from '@weft/ids';
import { createZipf, shuffled, type Zipf } from './zipf.ts';

const DAY_MS = 86_400_000;

/** Everybody is there before the first review and the first order; nothing is younger than the last day of the seed. */
const TIMES = {
  accounts: { from: EPOCH_MS + DAY_MS, to: EPOCH_MS + 100 * DAY_MS },
  products: { from: EPOCH_MS + 2 * DAY_MS, to: EPOCH_MS + 101 * DAY_MS },
  activity: { from: EPOCH_MS + 102 * DAY_MS, to: EPOCH_MS + 300 * DAY_MS },
};

/** What a scale of 1 means. */
const AT_SCALE_1 = { users: 5_000, products: 2_000, reviews: 20_000, orders: 10_000 };

/** Kind of row in the low bits of the sequence: no two rows of different tables ever share an id. */
export const KIND = {
  account: 0,
  address: 1,
  product: 2,
  category: 3,
  warehouse: 4,
  review: 5,
  order: 6,
  job: 7,
} as const;

/** The users with fixed names, ids and tokens, first of all users. */
export const DEMO_USERNAMES = ['ada', 'grace'] as const;

/** How much there is, and who is popular. Made once; every row is a function of it and of its index. */
export interface SeedPlan {
  readonly scale: number;
  readonly users: number;
  readonly products: number;
  readonly reviews: number;
  readonly orders: number;
  /** Reviews and order lines over products. */
  readonly popularity: Zipf;
  /** Authors of the reviews of one product. */
  readonly authorship: Zipf;
  /** Orders over users. */
  readonly custom: Zipf;
}

export function createSeedPlan(scale: number): SeedPlan {
  const count = (base: number, least: number) => Math.max(least, Math.round(base * scale));
  const users = count(AT_SCALE_1.users, 60);
  const products = count(AT_SCALE_1.products, 60);
  return {
    scale,
    users,
    products,
    reviews: count(AT_SCALE_1.reviews, 100),
    orders: count(AT_SCALE_1.orders, 60),
    popularity: createZipf(products, 0.9),
    authorship: createZipf(users, 0.6),
    custom: createZipf(users, 0.5),
  };
}

/** An id of the seed: the moment, the bucket and a sequence that is the same in every run. */
export function seedId(kind: number, ms: number, bucket: number, salt = 0): string {
  return composeId({ ms: ms - EPOCH_MS, bucket, sequence: ((salt & 511) << 3) | kind });
}

/** A user's rank by activity to the user's index: ada and grace are the busiest, whatever the scale. */
export function userOfRank(plan: SeedPlan, rank: number): number {
  const fixed = DEMO_USERNAMES.length;
  return rank < fixed ? rank : fixed + shuffled(rank - fixed, plan.users - fixed);
}

export function productOfRank(plan: SeedPlan, rank: number): number {
  return shuffled(rank, plan.products);
}

/** Odd factors walk through all 1,024 buckets before one comes again. */
export const userBucket = (index: number) => (index * 619 + 5) & 1023;
export const productBucket = (index: number) => (index * 389 + 100) & 1023;

/** The ids of ada and grace do not move with the scale: their moments are the first two. */
export function userMs(plan: SeedPlan, index: number): number {
  if (index < DEMO_USERNAMES.length) return TIMES.accounts.from + index;
  return moment({ from: TIMES.accounts.from + 1_000, to: TIMES.accounts.to }, index, plan.users);
}

export function productMs(plan: SeedPlan, index: number): number {
  return moment(TIMES.products, index, plan.products);
}

export function userId(plan: SeedPlan, index: number): string {
  return seedId(KIND.account, userMs(plan, index), userBucket(index));
}

export function productId(plan: SeedPlan, index: number): string {
  return seedId(KIND.product, productMs(plan, index), productBucket(index));
}

/** Moments of reviews and orders: one slot of time for each, dealt out in no order, so that no two share a moment. */
export function activityMs(number: number, total: number): { ms: number; age: number } {
  const slot = shuffled(number, total);
  return { ms: moment(TIMES.activity, slot, total), age: 1 - (slot + 1) / total };
}

/** Reference rows have a place in an id too, though they are on every shard. */
export function referenceId(kind: number, index: number): string {
  return seedId(kind, TIMES.accounts.from - DAY_MS / 2 + index, (index * 97) & 1023);
}

/** Distinct for distinct indexes as long as the range has a millisecond for each. */
function moment(range: { from: number; to: number }, index: number, count: number): number {
  return Math.floor(range.from + (index * (range.to - range.from)) / count);
}

/** Ids of the demo users, for tokens. */
export function demoUsers(): readonly { username: string; id: string }[] {
  const plan = createSeedPlan(1);
  return DEMO_USERNAMES.map((username, index) => ({ username, id: userId(plan, index) }));
}
