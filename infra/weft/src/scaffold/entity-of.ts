/** Plurals whose singular no rule gives; names that are their own plural stay as they are. */
const SINGULARS: Readonly<Record<string, string>> = {
  people: 'person',
  children: 'child',
  news: 'news',
  series: 'series',
  movies: 'movie',
  cookies: 'cookie',
  caches: 'cache',
  statuses: 'status',
  bonuses: 'bonus',
};

/**
 * The entity that a subgraph is most likely about: wishlists -> Wishlist, categories -> Category, addresses -> Address.
 * A guess that fits most English plurals; `--entity` says it otherwise.
 */
export function entityOf(subgraph: string): string {
  const name = singular(subgraph);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function singular(word: string): string {
  if (Object.hasOwn(SINGULARS, word)) return SINGULARS[word] ?? word;
  if (/[^aeiou]ies$/.test(word)) return word.replace(/ies$/, 'y');
  if (/(ss|x|zz|ch|sh)es$/.test(word)) return word.replace(/es$/, '');
  if (/[^siu]s$/.test(word)) return word.slice(0, -1);
  return word;
}
