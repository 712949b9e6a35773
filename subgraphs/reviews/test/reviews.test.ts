import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { explainAll } from '@weft/database';
import { bucketOfId, composeId } from '@weft/ids';
import { type RunningWorker, type SubgraphAnswer, startWorker } from '@weft/subgraph';
import { waitFor } from '@weft/testing';
import { subgraph } from '../src/subgraph.ts';
import { type ReviewsOnAFleet, startReviews } from './reviews-on-a-fleet.ts';

let reviews: ReviewsOnAFleet;
let worker: RunningWorker;

beforeAll(async () => {
  reviews = await startReviews('reviews');
  worker = await startWorker(subgraph, { environment: reviews.environment });
});
afterAll(async () => {
  await worker?.stop();
  await reviews?.stop();
});
beforeEach(() => {
  reviews.statements.length = 0;
});

let made = 0;
/** Buckets 0, 400 and 800 lie on the three shards. */
function newId(bucket: number): string {
  made += 1;
  return composeId({ ms: made, bucket, sequence: 0 });
}

const ada = { subject: newId(0), scopes: [], username: 'ada' };
const grace = { subject: newId(800), scopes: [], username: 'grace' };

/** A product that this subgraph was told of, like every product of the shop. */
async function newProduct(bucket: number): Promise<string> {
  const id = newId(bucket);
  const { database } = reviews;
  await database.query(database.shardOf({ id }), 'insert into reviews.product_rating values ($1, 0, 0)', [id]);
  return id;
}

const ADD = /* GraphQL */ `
  mutation ($input: AddReviewInput!, $key: String!) {
    addReview(input: $input, idempotencyKey: $key) {
      id rating title body createdAt
      product { id rating reviewCount }
      author { id username }
    }
  }
`;

interface Input {
  readonly productId: string;
  readonly rating: number;
  readonly title: string;
  readonly body: string;
}

let keys = 0;
/** With a key of its own, so that each call is another review. */
function add(
  input: Partial<Input> & Pick<Input, 'productId'>,
  user: typeof ada | undefined = ada,
  key?: string,
): Promise<SubgraphAnswer> {
  keys += 1;
  const whole = { rating: 4, title: 'Fine', body: 'It works.', ...input };
  return reviews.call({
    query: ADD,
    variables: { input: whole, key: key ?? `key-${keys}` },
    ...(user && { user }),
  });
}

async function added(input: Partial<Input> & Pick<Input, 'productId'>, user = ada, key?: string): Promise<string> {
  const { data, errors } = await add(input, user, key);
  expect(errors).toEqual([]);
  return (data as { addReview: { id: string } }).addReview.id;
}

const entities = (query: string, representations: readonly object[], variables: object = {}): Promise<SubgraphAnswer> =>
  reviews.call({ query, variables: { representations, ...variables } });

test('a review, the rating of its product and the event are one statement on the shard of the product', async () => {
  const productId = await newProduct(400);
  const { data, errors } = await add({ productId, title: '  Kettle ', body: 'Boils.\n' });

  expect(errors).toEqual([]);
  expect(data?.addReview).toEqual({
    ...{ id: expect.any(String), rating: 4, title: 'Kettle', body: 'Boils.' },
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    product: { id: productId, rating: 4, reviewCount: 1 },
    author: { id: ada.subject, username: 'ada' },
  });
  const { addReview } = data as { addReview: { id: string } };
  expect(bucketOfId(addReview.id)).toBe(400);
  const writes = reviews.statements.filter(({ loader }) => loader === 'addReview');
  expect(writes).toHaveLength(1);
});

test('a rating is the average to two places, and counts a review at once', async () => {
  const productId = await newProduct(0);
  const read = async () => {
    const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { rating reviewCount } } }`;
    const { data, errors } = await entities(query, [{ __typename: 'Product', id: productId }]);
    expect(errors).toEqual([]);
    return (data as { _entities: unknown[] })._entities[0];
  };
  expect(await read()).toEqual({ rating: null, reviewCount: 0 });

  for (const [count, rating, average] of [
    [1, 5, 5],
    [2, 4, 4.5],
    [3, 4, 4.33],
  ] as const) {
    await added({ productId, rating });
    expect(await read()).toEqual({ rating: average, reviewCount: count });
  }
});

test('reviews written at the same moment are all counted', async () => {
  const productId = await newProduct(800);
  await Promise.all(Array.from({ length: 20 }, (_, index) => added({ productId, rating: (index % 5) + 1 }, grace)));

  expect(
    await reviews.query('select rating_sum, review_count from reviews.product_rating where product_id = $1', [
      productId,
    ]),
  ).toEqual([{ rating_sum: '60', review_count: '20' }]);
});

const refused: [string, Partial<Input>][] = [
  ['a rating of 0', { rating: 0 }],
  ['a rating of 6', { rating: 6 }],
  ['an empty title', { title: ' ' }],
  ['a title of 121 characters', { title: 'x'.repeat(121) }],
  ['a body of 5,001 characters', { body: 'x'.repeat(5_001) }],
  ['the character U+0000', { body: 'a\u0000b' }],
  ['a product id that is none', { productId: 'kettle' }],
];

test.each(refused)('refuses %s', async (_what, input) => {
  const { data, errors } = await add({ productId: await newProduct(400), ...input });

  expect(data).toBeNull();
  expect(errors).toMatchObject([{ path: ['addReview'], extensions: { code: 'BAD_USER_INPUT' } }]);
});

test.each(['', 'two words', 'x'.repeat(129)])('refuses the key %p', async (key) => {
  const { data, errors } = await add({ productId: await newProduct(400) }, ada, key);

  expect(data).toBeNull();
  expect(errors).toMatchObject([{ path: ['addReview'], extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('a product that nobody told of gets no review', async () => {
  const productId = newId(400);
  const { data, errors } = await add({ productId }, ada, 'orphan');

  expect(data).toBeNull();
  expect(errors).toMatchObject([{ path: ['addReview'], extensions: { code: 'PRODUCT_NOT_FOUND' } }]);
  for (const table of ['review', 'product_rating', 'idempotency']) {
    expect(await reviews.query(`select 1 from reviews.${table} where product_id = $1`, [productId])).toEqual([]);
  }
  // The key was not used up: once the product is there, the same request works.
  await reviews.database.query(
    reviews.database.shardOf({ id: productId }),
    'insert into reviews.product_rating values ($1, 0, 0)',
    [productId],
  );
  await added({ productId }, ada, 'orphan');
});

test('the same key gives the same review, also when it is sent many times at once', async () => {
  const productId = await newProduct(800);
  const ids = await Promise.all(Array.from({ length: 8 }, () => added({ productId, title: 'Again' }, grace, 'again')));
  ids.push(await added({ productId, title: ' Again ' }, grace, 'again'));

  expect(new Set(ids).size).toBe(1);
  expect(
    await reviews.query('select rating_sum, review_count from reviews.product_rating where product_id = $1', [
      productId,
    ]),
  ).toEqual([{ rating_sum: '4', review_count: '1' }]);
  await waitFor(async () => (await reviews.query('select 1 from reviews.outbox')).length === 0, {
    what: 'an empty outbox',
  });
});

test('a key belongs to its author and its product, and to one text', async () => {
  const [productId, other] = [await newProduct(0), await newProduct(0)];
  const id = await added({ productId }, ada, 'mine');
  const { data, errors } = await add({ productId, title: 'Another' }, ada, 'mine');

  expect(data).toBeNull();
  expect(errors).toMatchObject([{ path: ['addReview'], extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }]);
  expect(
    new Set([id, await added({ productId }, grace, 'mine'), await added({ productId: other }, ada, 'mine')]).size,
  ).toBe(3);
});

test('counts characters as people do: 120 emoji are a title', async () => {
  await added({ productId: await newProduct(0), title: '🙂'.repeat(120), body: '🙂'.repeat(5_000) });
});

test('without a token, or with one that has no username, nothing is written', async () => {
  const variables = { input: { productId: await newProduct(0), rating: 1, title: 'No', body: '' }, key: 'no' };
  const anonymous = await reviews.call({ query: ADD, variables });
  const nameless = await reviews.call({
    query: ADD,
    variables,
    user: { subject: ada.subject, scopes: [] },
  });

  for (const { errors } of [anonymous, nameless]) {
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  }
  expect(await reviews.query("select 1 from reviews.review where title = 'No'")).toEqual([]);
});

const PAGES = /* GraphQL */ `
  query ($representations: [_Any!]!, $first: Int! = 10, $after: String) {
    _entities(representations: $representations) {
      ... on Product { id reviews(first: $first, after: $after) { ...page } }
      ... on User { id reviews(first: $first, after: $after) { ...page } }
    }
  }
  fragment page on ReviewConnection { edges { cursor node { id title } } pageInfo { hasNextPage endCursor } }
`;

interface ReviewsPage {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } | null }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function pageOf(entity: object, first: number, after: string | null = null): Promise<ReviewsPage> {
  const { data, errors } = await entities(PAGES, [entity], { first, after });
  expect(errors).toEqual([]);
  const [found] = (data as { _entities: { reviews: ReviewsPage }[] })._entities;
  if (found === undefined) throw new Error('no such entity');
  return found.reviews;
}

const idsOf = ({ edges }: ReviewsPage) => edges.map(({ node }) => node?.id);

test('reviews of a product come newest first, in pages by cursor', async () => {
  const productId = await newProduct(400);
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) ids.unshift(await added({ productId, title: `Review ${count}` }));
  const product = { __typename: 'Product', id: productId };
  const first = await pageOf(product, 2);
  const second = await pageOf(product, 3, first.pageInfo.endCursor);

  expect([idsOf(first), idsOf(second)]).toEqual([ids.slice(0, 2), ids.slice(2)]);
  expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
});

test("a new review gets into its author's list, which lies on another shard, and the list is read without a scatter", async () => {
  const author = { subject: newId(800), scopes: [], username: 'linus' };
  const ids: string[] = [];
  for (const bucket of [0, 400, 0]) ids.unshift(await added({ productId: await newProduct(bucket) }, author));
  const user = { __typename: 'User', id: author.subject };
  await waitFor(async () => idsOf(await pageOf(user, 10)).length === 3, { what: 'the reviews of the author' });

  reviews.statements.length = 0;
  const copy = await reviews.startCopy({ onStatement: (each) => reviews.statements.push(each) });
  try {
    const { data } = await copy.call({ query: PAGES, variables: { representations: [user] } });
    expect(
      (data as { _entities: { reviews: ReviewsPage }[] })._entities.map(({ reviews: page }) => idsOf(page)),
    ).toEqual([ids]);
  } finally {
    await copy.stop();
  }
  const asked = reviews.statements
    .map(({ loader, shard }) => `${loader} ${shard}`)
    .filter((each) => /By|ById/.test(each));
  expect(asked.sort()).toEqual(['reviewById shard-1', 'reviewById shard-2', 'reviewIdsByAuthor shard-3']);
});

test('an event that comes twice puts a review into the list once', async () => {
  const id = await added({ productId: await newProduct(0) }, grace);
  const { database } = reviews;
  const payload = { reviewId: id, authorId: grace.subject };
  const shard = database.shardOf({ id });
  await database.query(shard, "insert into reviews.outbox (topic, payload) values ('review-added', $1)", [payload]);
  await waitFor(async () => (await reviews.query('select 1 from reviews.outbox')).length === 0, {
    what: 'an empty outbox',
  });

  expect(await reviews.query('select 1 from reviews.review_by_author where review_id = $1', [id])).toHaveLength(1);
});

test('a review that is gone has no edge, and its id gives null', async () => {
  const author = { subject: newId(0), scopes: [], username: 'ken' };
  const kept = await added({ productId: await newProduct(400) }, author);
  const gone = await added({ productId: await newProduct(800) }, author);
  const user = { __typename: 'User', id: author.subject };
  const listed = () => reviews.query('select 1 from reviews.review_by_author where author_id = $1', [author.subject]);
  await waitFor(async () => (await listed()).length === 2, { what: 'both reviews in the list' });
  await reviews.query('delete from reviews.review where id = $1', [gone]);
  // A process that has not seen the review before it was deleted by hand.
  const copy = await reviews.startCopy();
  try {
    const page = await copy.call({ query: PAGES, variables: { representations: [user] } });
    const one = await copy.call({ query: `{ review(id: "${gone}") { id } }` });

    expect(
      (page.data as { _entities: { reviews: ReviewsPage }[] })._entities.map(({ reviews: found }) => idsOf(found)),
    ).toEqual([[kept]]);
    expect(one).toMatchObject({ data: { review: null }, errors: [] });
  } finally {
    await copy.stop();
  }
});

test('ids that are none are errors at their own places', async () => {
  const id = await added({ productId: await newProduct(400) });
  const query = /* GraphQL */ `
    query ($representations: [_Any!]!) {
      review(id: "1e3") { id }
      _entities(representations: $representations) { ... on Review { id } ... on Product { id reviewCount } ... on User { id } }
    }
  `;
  const malformed = ['Review', 'Product', 'User'].map((__typename) => ({ __typename, id: '007' }));
  const { data, errors } = await entities(query, [...malformed, { __typename: 'Review', id }]);

  expect(data).toEqual({ review: null, _entities: [null, null, null, { id }] });
  expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions.code]).sort()).toEqual([
    ['_entities.0', 'BAD_USER_INPUT'],
    ['_entities.1', 'BAD_USER_INPUT'],
    ['_entities.2', 'BAD_USER_INPUT'],
    ['review', 'BAD_USER_INPUT'],
  ]);
});

test.each([-1, 51])('a page of %d reviews is refused on its field', async (first) => {
  const product = { __typename: 'Product', id: newId(0) };
  const { data, errors } = await entities(PAGES, [product], { first });

  expect(data?._entities).toEqual([{ id: product.id, reviews: null }]);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('every statement of the loaders reads its rows by an index', async () => {
  expect(subgraph.loaders.length).toBeGreaterThan(0);
  expect(await explainAll(reviews.database, subgraph.loaders)).toEqual([]);
});

test('a shard that is down is an error at the edges of its reviews, and the others are there', async () => {
  const author = { subject: newId(0), scopes: [], username: 'barbara' };
  const up = await added({ productId: await newProduct(0) }, author);
  await added({ productId: await newProduct(400) }, author);
  const listed = () => reviews.query('select 1 from reviews.review_by_author where author_id = $1', [author.subject]);
  await waitFor(async () => (await listed()).length === 2, { what: 'both reviews in the list' });
  const copy = await reviews.startCopy();
  const shard = reviews.fleet.shards[1];
  if (shard === undefined) throw new Error('a fleet without a second shard');
  await reviews.fleet.kill(shard.primary);
  try {
    const representations = [
      { __typename: 'User', id: author.subject },
      { __typename: 'Product', id: newId(400) },
    ];
    const { data, errors } = await copy.call({ query: PAGES, variables: { representations } });
    const [user, product] = (data as { _entities: { reviews: ReviewsPage | null }[] })._entities;

    expect(user?.reviews?.edges.map(({ node }) => node?.id ?? null)).toEqual([null, up]);
    expect(product).toMatchObject({ id: expect.any(String), reviews: null });
    expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions.code]).sort()).toEqual([
      ['_entities.0.reviews.edges.0.node', 'SHARD_UNAVAILABLE'],
      ['_entities.1.reviews', 'SHARD_UNAVAILABLE'],
    ]);
  } finally {
    await reviews.fleet.start(shard.primary);
    await copy.stop();
  }
});
