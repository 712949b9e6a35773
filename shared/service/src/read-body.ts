import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { GraphError } from '@weft/errors';
import { discardRest } from './discard-rest.ts';

const INFLATERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

export interface ReadBodyOptions {
  /** Counted on the wire and after inflating: a gzip bomb stops here. */
  readonly maxBytes: number;
}

/**
 * The whole body, inflated. Throws LIMIT_EXCEEDED (413) as soon as it is too large, UNSUPPORTED_MEDIA_TYPE (415) for an encoding
 * that is not known, BAD_REQUEST (400) when it does not inflate or ends early.
 */
export async function readBody(request: IncomingMessage, options: ReadBodyOptions): Promise<Buffer> {
  const { maxBytes } = options;
  try {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const inflater = inflaterOf(request.headers['content-encoding']);
    return await (inflater === undefined ? collect(request, maxBytes) : inflate(request, inflater, maxBytes));
  } catch (error) {
    if (!request.complete) discardRest(request);
    throw error;
  }
}

function inflaterOf(encoding: string | undefined): Transform | undefined {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return undefined;
  const create = Object.hasOwn(INFLATERS, name) ? INFLATERS[name] : undefined;
  if (create === undefined) {
    throw new GraphError('UNSUPPORTED_MEDIA_TYPE', 'This Content-Encoding is not read here; gzip, deflate and br are.');
  }
  return create();
}

/** Listeners and not `for await`: leaving such a loop early destroys the socket before the refusal is sent. */
function collect(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= maxBytes) return void chunks.push(chunk);
      request.off('data', take);
      reject(tooLarge(maxBytes));
    };
    request.on('data', take);
    request.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on('error', () => reject(endedEarly()));
    // every request closes in the end; an error made for each would cost as much as reading it
    request.on('close', () => {
      if (!request.complete) reject(endedEarly());
    });
  });
}

async function inflate(request: IncomingMessage, inflater: Transform, maxBytes: number): Promise<Buffer> {
  const packed = await collect(request, maxBytes);
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    inflater.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= maxBytes) return;
      inflater.destroy();
      reject(tooLarge(maxBytes));
    });
    inflater.on('end', () => resolve(Buffer.concat(chunks)));
    inflater.on('error', () => reject(new GraphError('BAD_REQUEST', 'The body does not fit its Content-Encoding.')));
    inflater.end(packed);
  });
}

function tooLarge(maxBytes: number): GraphError {
  return new GraphError('LIMIT_EXCEEDED', `The request body is larger than ${maxBytes} bytes.`);
}

function endedEarly(): GraphError {
  return new GraphError('BAD_REQUEST', 'The request ended before its body did.');
}
