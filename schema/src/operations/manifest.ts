import { UserError } from '@weft/errors';
import type { OperationFile } from './operations.ts';

const ALLOWED =
  'Allowed: an object of ids and documents, or a manifest of Apollo ({"format": "apollo-persisted-query-manifest"}).';

/** Reads a list of trusted documents, as codegen tools and Relay write it or as Apollo's manifests are. */
export function parseManifest(text: string, file: string): OperationFile[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${file}: it is not JSON. ${ALLOWED}`);
  }
  if (!isObject(value)) throw new UserError(`${file}: ${ALLOWED}`);
  const trusted = (name: string, body: string): OperationFile => {
    const at = text.indexOf(JSON.stringify(name));
    return { file, text: body, embedded: { line: text.slice(0, Math.max(0, at)).split('\n').length, name } };
  };
  if (Array.isArray(value.operations)) {
    return value.operations.map((operation: unknown) => {
      if (!isObject(operation) || typeof operation.body !== 'string') throw new UserError(`${file}: ${ALLOWED}`);
      return trusted(String(operation.name ?? operation.id ?? ''), operation.body);
    });
  }
  return Object.entries(value).map(([id, body]) => {
    if (typeof body !== 'string') throw new UserError(`${file}: ${id} is no document. ${ALLOWED}`);
    return trusted(id, body);
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
