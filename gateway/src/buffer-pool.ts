/** Smallest and largest buffer that is kept; larger ones are left to the garbage collector. In elements, powers of two. */
const SMALLEST = 2 ** 12;
const LARGEST_KEPT = 2 ** 20;

interface Pooled {
  readonly length: number;
  readonly byteLength: number;
}

/** Idle buffers by size, bounded. A buffer that is taken holds whatever was in it before. */
export interface BufferPool<T extends Pooled> {
  /** At least `length` elements. */
  take(length: number): T;
  give(buffer: T): void;
  readonly idleBytes: number;
}

/** `mostIdleBytes`: what lies idle in it at most. */
export function createBufferPool<T extends Pooled>(
  allocate: (length: number) => T,
  mostIdleBytes: number,
): BufferPool<T> {
  const idle = new Map<number, T[]>();
  let idleBytes = 0;
  return {
    take(length) {
      const size = sizeFor(length);
      const buffer = idle.get(size)?.pop();
      if (buffer === undefined) return allocate(size);
      idleBytes -= buffer.byteLength;
      return buffer;
    },
    give(buffer) {
      if (buffer.length === 0 || buffer.length > LARGEST_KEPT || idleBytes + buffer.byteLength > mostIdleBytes) return;
      idleBytes += buffer.byteLength;
      const same = idle.get(buffer.length);
      if (same === undefined) idle.set(buffer.length, [buffer]);
      else same.push(buffer);
    },
    get idleBytes() {
      return idleBytes;
    },
  };
}

function sizeFor(length: number): number {
  return length <= SMALLEST ? SMALLEST : 2 ** (32 - Math.clz32(length - 1));
}
