import { createHash, hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const USUAL_BYTES = 2_048;

/**
 * HMAC-SHA-256 (RFC 2104) of a text by one key, as base64url. Two hashes at one stroke: an Hmac object of node:crypto costs
 * three times as much, most of it for the garbage collector, and a gateway signs each of its requests.
 */
export function createHmacSha256(key: Uint8Array): (text: string) => string {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? createHash('sha256').update(key).digest() : key);
  const inner = Buffer.alloc(BLOCK_BYTES + USUAL_BYTES);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  for (const [index, byte] of block.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  return (text) => {
    const most = text.length * 3;
    const input = most <= USUAL_BYTES ? inner : Buffer.alloc(BLOCK_BYTES + most);
    if (input !== inner) inner.copy(input, 0, 0, BLOCK_BYTES);
    const length = input.write(text, BLOCK_BYTES, 'utf8');
    outer.write(hash('sha256', input.subarray(0, BLOCK_BYTES + length), 'binary'), BLOCK_BYTES, 'binary');
    return hash('sha256', outer, 'base64url');
  };
}
