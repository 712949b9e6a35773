/** Rows, lists of rows and what JSON columns hold, copied; other values (an Error, a Buffer) are given as they are. */
export function copyRows(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyRows);
  if (!isPlain(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) copy[name] = copyRows(field);
  return copy;
}

/** Not by comparing with Object.prototype: inside a vm context there are two of them. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
