import { faker } from '@faker-js/faker/locale/en';

/** Plausible words, drawn once: a call of faker costs microseconds, an entry of a list nanoseconds. */
export interface Vocabulary {
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  readonly streets: readonly string[];
  readonly cities: readonly string[];
  readonly brands: readonly string[];
  readonly adjectives: readonly string[];
  readonly materials: readonly string[];
}

/** What faker says of goods and nobody would say of a spade. */
const UNFIT = new Set(['Tasty', 'Fresh', 'Generic', 'Licensed', 'Unbranded', 'Intelligent']);

/** The same words in every run: faker's own numbers start from a fixed seed. */
export function createVocabulary(): Vocabulary {
  faker.seed(20_260_101);
  const words = (count: number, draw: () => string) => {
    const found = new Set<string>();
    for (let tries = 0; found.size < count && tries < count * 20; tries++) found.add(copyText(draw()));
    return [...found];
  };
  return {
    firstNames: words(600, () => faker.person.firstName()),
    lastNames: words(450, () => faker.person.lastName()),
    streets: words(800, () => faker.location.street()),
    cities: words(500, () => faker.location.city()),
    brands: words(160, () => faker.person.lastName()),
    adjectives: words(30, () => faker.commerce.productAdjective()).filter((word) => !UNFIT.has(word)),
    materials: words(12, () => faker.commerce.productMaterial()),
  };
}

/** Text that means itself inside a line of `COPY ... FROM STDIN`. */
export function copyText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
