/** Buffers for answers that come in pieces: powers of two, the idle ones bounded. Whoever gives one back has no use for it. */
const SMALLEST = 2 ** 12;
const LARGEST_KEPT = 2 ** 20;
const MOST_IDLE_BYTES = 8 * 2 ** 20;

const idle = new Map<number, Buffer[]>();
let idleBytes = 0;

/** At least `length` bytes, with whatever was in them before. */
export function takeBuffer(length: number): Buffer {
  const size = length <= SMALLEST ? SMALLEST : 2 ** (32 - Math.clz32(length - 1));
  const buffer = idle.get(size)?.pop();
  if (buffer === undefined) return Buffer.allocUnsafeSlow(size);
  idleBytes -= size;
  return buffer;
}

export function giveBuffer(buffer: Buffer): void {
  const size = buffer.length;
  if (size > LARGEST_KEPT || idleBytes + size > MOST_IDLE_BYTES) return;
  idleBytes += size;
  const same = idle.get(size);
  if (same === undefined) idle.set(size, [buffer]);
  else same.push(buffer);
}
