/** What `withTimeLimit` throws. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

/**
 * The promise, or `TookTooLong` after `limitMs`. An event loop that was busy runs its timers before it reads sockets, so the answer may lie there
 * already: it gets one look before it counts as late.
 */
export function withTimeLimit<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => reject(new TookTooLong(`no answer in ${limitMs} ms`))), limitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
