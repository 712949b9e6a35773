import { BUCKETS } from './layout.ts';

/**
 * The bucket of a natural key (a username, a sku): FNV-1a over its UTF-16 units, mixed, modulo the buckets.
 * Rows are stored by it, so it can never change.
 */
export function bucketOfText(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93);
  }
  // FNV's low bits are weak for short texts that differ in the last letter; this is the finaliser of MurmurHash3.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35);
  return ((hash ^ (hash >>> 16)) >>> 0) % BUCKETS;
}
