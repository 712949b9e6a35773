import { ERRORS } from '@apollo/federation-internals';

/** Every code that composition can refuse subgraphs with, and what it means, in the words of @apollo/composition. */
export function compositionCodes(): ReadonlyMap<string, string> {
  const definitions: readonly { readonly code: string; readonly description: string }[] = Object.values(ERRORS);
  return new Map(definitions.map(({ code, description }) => [code, description]));
}
