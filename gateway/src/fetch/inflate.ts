import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflateRaw, inflate as inflateZlib } from 'node:zlib';

const gunzipped = promisify(gunzip);
const unbrotlied = promisify(brotliDecompress);
const inflated = promisify(inflateZlib);
const inflatedRaw = promisify(inflateRaw);

/**
 * An answer without its compression, on a thread of the pool; given up as soon as it is over `maxOutputLength` bytes. The
 * gateway asks for none, but a subgraph that is asked for nothing in particular may compress (RFC 9110, 12.5.3).
 *
 * @throws Error for what is not of that encoding, or too long.
 */
export async function inflate(bytes: Buffer, encoding: string, maxOutputLength: number): Promise<Buffer> {
  if (bytes.length === 0) return bytes;
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return await gunzipped(bytes, { maxOutputLength });
    case 'br':
      return await unbrotlied(bytes, { maxOutputLength });
    case 'deflate':
      // many send it without the header that the name stands for
      return await (((bytes[0] as number) & 15) === 8 ? inflated : inflatedRaw)(bytes, { maxOutputLength });
    default:
      throw new Error('unknown');
  }
}
