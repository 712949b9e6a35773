import { createBufferPool } from '../../buffer-pool.ts';

/** What lies idle in each pool of a process. */
const MOST_IDLE_BYTES = 16 * 2 ** 20;

export const byteBuffers = createBufferPool((length) => Buffer.allocUnsafeSlow(length), MOST_IDLE_BYTES);
export const tapes = createBufferPool((length) => new Int32Array(length), MOST_IDLE_BYTES);
