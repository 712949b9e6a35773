/**
 * Thrown when an answer needs more than copying: an error to tell, a value of a wrong kind, a field that was left out. What
 * was fetched so far is then taken up by the object executor.
 */
class Leave extends Error {
  override readonly name = 'Leave';
}

/** One for all: it has nothing to say, and a stack would cost more than the operation. */
export const LEAVE = withoutStack(() => new Leave('left to objects'));

function withoutStack<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
