/**
 * The data behind the benched graph: every value is a pure function of an entity's type and key, so that any gateway
 * that asks in any way must end with the same answer, and the right one is known without a gateway.
 */
export interface EntityRef {
  readonly type: 'User' | 'Product' | 'Review';
  readonly key: string;
  /** What a representation brought along; undefined inside one process. */
  readonly given?: Readonly<Record<string, unknown>>;
}

export type Value = string | number | boolean | null | EntityRef | readonly EntityRef[];
type Resolve = (entity: EntityRef, args: Readonly<Record<string, unknown>>) => Value;

const USERS = 6;
const PRODUCTS = 9;
const REVIEWS_BY_USER = 4;
/** Who wrote what about which product, in the closed little shop that the storefront shows. */
const REVIEWS = Array.from({ length: USERS * REVIEWS_BY_USER }, (_, index) => {
  const author = Math.floor(index / REVIEWS_BY_USER) + 1;
  return { author, product: ((author + (index % REVIEWS_BY_USER) * 2) % PRODUCTS) + 1 };
});

const SENTENCES = [
  'Arrived in two days, and well packed: not a scratch on it.',
  'Smaller than it looks in the picture, yet "just right" for the three of us.',
  'Would buy it again, though the colour is not quite what was shown.',
  'Holds after a year of daily use – no complaints, and a friend has one too.',
];

/** Users above the shop's own have reviews too: their keys are for scenarios in which no two requests are equal. */
function reviewsOfUser(user: number): string[] {
  if (user > USERS) return [1, 2, 3].map((index) => `${user}-${index}`);
  return REVIEWS.flatMap(({ author }, index) => (author === user ? [`${index + 1}`] : []));
}

function reviewsOfProduct(product: number): string[] {
  if (product > PRODUCTS) return [1, 2].map((index) => `p${product}-${index}`);
  const own = REVIEWS.flatMap((review, index) => (review.product === product ? [`${index + 1}`] : []));
  return own.length > 0 ? own : [`p${product}-1`];
}

/** `7` is a review of the table, `1200-2` the second of user 1200, `p40-1` the first of product 40. */
function reviewParts(key: string): { readonly author: number; readonly product: number; readonly sentence: number } {
  const listed = REVIEWS[Number(key) - 1];
  if (listed !== undefined) return { ...listed, sentence: Number(key) };
  const [owner = '', index = '1'] = key.split('-');
  if (owner.startsWith('p')) {
    const product = Number(owner.slice(1));
    return { author: ((product + Number(index)) % USERS) + 1, product, sentence: product + Number(index) };
  }
  const author = Number(owner);
  return { author, product: author * 3 + Number(index), sentence: author + Number(index) };
}

const user = (id: number | string): EntityRef => ({ type: 'User', key: String(id) });
const product = (upc: number | string): EntityRef => ({ type: 'Product', key: String(upc) });
const review = (id: string): EntityRef => ({ type: 'Review', key: id });
const price = (key: string): number => ((Number(key) * 7_919) % 5_000) + 99;
const weight = (key: string): number => ((Number(key) * 104_729) % 2_000) + 10;

/** A representation without the required fields gets null, which no right answer has. */
function shippingEstimate({ key, given }: EntityRef): number | null {
  const from = given ?? { price: price(key), weight: weight(key) };
  if (typeof from.price !== 'number' || typeof from.weight !== 'number') return null;
  return from.price > 4_000 ? 0 : Math.ceil(from.weight / 2);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Every field of the graph, and `_entities`. */
export const WORLD: Readonly<Record<string, Readonly<Record<string, Resolve>>>> = {
  Query: {
    users: () => upTo(USERS).map(user),
    user: (_, { id }) => user(String(id)),
    topProducts: (_, { first }) => upTo(typeof first === 'number' ? first : 5).map(product),
    product: (_, { upc }) => product(String(upc)),
    _entities: (_, { representations }) => (representations as Record<string, unknown>[]).map(toEntity),
  },
  User: {
    id: ({ key }) => key,
    name: ({ key }) => `Person ${key}`,
    username: ({ key }) => `person-${key}`,
    favourite: ({ key }) => product((Number(key) % PRODUCTS) + 1),
    reviews: ({ key }) => reviewsOfUser(Number(key)).map(review),
  },
  Product: {
    upc: ({ key }) => key,
    name: ({ key }) => `Product number ${key}`,
    price: ({ key }) => price(key),
    weight: ({ key }) => weight(key),
    inStock: ({ key }) => Number(key) % 3 !== 0,
    shippingEstimate,
    reviews: ({ key }) => reviewsOfProduct(Number(key)).map(review),
  },
  Review: {
    id: ({ key }) => key,
    body: ({ key }) => SENTENCES[reviewParts(key).sentence % SENTENCES.length] ?? '',
    author: ({ key }) => user(reviewParts(key).author),
    product: ({ key }) => product(reviewParts(key).product),
  },
};

function toEntity(representation: Readonly<Record<string, unknown>>): EntityRef {
  const { __typename: type, id, upc } = representation;
  if (type === 'User' && typeof id === 'string') return { ...user(id), given: representation };
  if (type === 'Product' && typeof upc === 'string') return { ...product(upc), given: representation };
  if (type === 'Review' && typeof id === 'string') return { ...review(id), given: representation };
  throw new Error(`not a representation: ${JSON.stringify(representation)}`);
}
