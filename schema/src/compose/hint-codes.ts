import { HINTS } from '@apollo/composition/dist/hints.js';

/** Every code of a hint of composition, and what it means. The package exports them from this file alone. */
export function hintCodes(): ReadonlyMap<string, string> {
  const definitions: readonly { readonly code: string; readonly description: string }[] = Object.values(HINTS);
  return new Map(definitions.map(({ code, description }) => [code, description]));
}
