export { bucketOfText } from './bucket-of-text.ts';
export { createIds, type Ids } from './ids.ts';
export { BUCKETS, bucketOfId, composeId, EPOCH_MS, isId, parseId } from './layout.ts';
