export { type Cache, type CacheEntry, type CacheOptions, createCache } from './cache.ts';
export { createTagGenerations, type TagGenerations } from './tag-generations.ts';
