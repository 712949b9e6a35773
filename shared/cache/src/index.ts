export { type Cache, createCache } from './cache.ts';
export { createTagGenerations } from './tag-generations.ts';
