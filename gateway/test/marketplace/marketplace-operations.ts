import { readdir, readFile } from 'node:fs/promises';
import { type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql';
import { type DrawOptions, drawOperation, type Operation } from '../oracle/draw-operation.ts';
import type { Random } from '../oracle/random.ts';
import type { RealMarketplace } from './real-marketplace.ts';

const FOLDER = new URL('../../../schema/operations/', import.meta.url);

/** The queries of the repository; mutations would change what is compared. */
export async function committedQueries(): Promise<Operation[]> {
  const texts = await Promise.all((await readdir(FOLDER)).map((file) => readFile(new URL(file, FOLDER), 'utf8')));
  return texts.filter((text) => !/^mutation\b/m.test(text)).map((text) => ({ text, variables: {} }));
}

/** What is there to be asked for: without such values every drawn operation would find nothing. */
interface Found {
  readonly products: readonly {
    readonly id: string;
    readonly sku: string;
    readonly category: { readonly slug: string };
  }[];
  readonly users: readonly { readonly id: string; readonly username: string }[];
  readonly reviews: readonly string[];
}

const CATEGORIES = '{ categories { slug } }';
const SHELF = `query ($category: String!) {
  searchProducts(category: $category, first: 4) {
    edges { node { id sku category { slug } reviews(first: 2) { edges { node { id author { id username } } } } } }
  }
}`;
const MOST_SHELVES = 6;

/** Draws queries on the API schema, the same ones for the same seed and data. */
export async function createDraw(
  marketplace: RealMarketplace,
  options: Pick<DrawOptions, 'conditions'> = {},
): Promise<(seed: number) => Operation | undefined> {
  const { schema } = marketplace;
  const found = await lookAround(marketplace);
  return (seed) => {
    const give = (coordinate: string, random: Random) => giveArguments(coordinate, { random, found, schema });
    return drawOperation(schema, seed, { ...options, give, mutations: false });
  };
}

interface Connection<Node> {
  readonly edges: readonly { readonly node: Node }[];
}

interface ShelfAnswer {
  readonly searchProducts: Connection<
    Found['products'][number] & {
      readonly reviews: Connection<{ readonly id: string; readonly author: Found['users'][number] | null }>;
    }
  >;
}

async function lookAround({ ask }: RealMarketplace): Promise<Found> {
  const answered = async (text: string, variables: Operation['variables'] = {}): Promise<unknown> => {
    const { data, errors } = await ask('apollo', { text, variables });
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  };
  const { categories } = (await answered(CATEGORIES)) as { readonly categories: readonly { readonly slug: string }[] };
  const shelves = categories.slice(0, MOST_SHELVES).map(({ slug }) => answered(SHELF, { category: slug }));
  const answers = (await Promise.all(shelves)) as readonly ShelfAnswer[];
  const products = answers.flatMap(({ searchProducts }) => searchProducts.edges.map(({ node }) => node));
  const reviews = products.flatMap((product) => product.reviews.edges.map(({ node }) => node));
  return { products, users: reviews.flatMap(({ author }) => author ?? []), reviews: reviews.map(({ id }) => id) };
}

interface Giving {
  readonly random: Random;
  readonly found: Found;
  readonly schema: GraphQLSchema;
}

function giveArguments(coordinate: string, { random, found, schema }: Giving): string | undefined {
  const { products, users, reviews } = found;
  const text = (value: string): string => JSON.stringify(value);
  switch (coordinate) {
    case 'Query.product':
      return `(id: ${text(random.pick(products).id)})`;
    case 'Query.productBySku':
      return `(sku: ${text(random.pick(products).sku)})`;
    case 'Query.products':
      return `(ids: [${random.some(products, 1, 4).map(({ id }) => text(id))}])`;
    case 'Query.searchProducts':
      return `(category: ${text(random.pick(products).category.slug)}, first: ${1 + random.int(5)})`;
    case 'Query.user':
      return `(id: ${text(random.pick(users).id)})`;
    case 'Query.userByUsername':
      return `(username: ${text(random.pick(users).username)})`;
    case 'Query.review':
      return reviews.length === 0 ? undefined : `(id: ${text(random.pick(reviews))})`;
    default:
      return fieldAt(coordinate, schema)?.args.some(({ name }) => name === 'first')
        ? `(first: ${1 + random.int(3)})`
        : undefined;
  }
}

function fieldAt(coordinate: string, schema: GraphQLSchema): GraphQLField<unknown, unknown> | undefined {
  const [type = '', field = ''] = coordinate.split('.');
  const declared = schema.getType(type);
  return isObjectType(declared) ? declared.getFields()[field] : undefined;
}
