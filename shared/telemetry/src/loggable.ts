import { withoutCredentials } from '@weft/config';
import { isGraphError } from '@weft/errors';

const SECRET_NAME = /(authorization|cookie|passwo?r?d|secret|token|signature|api[-_]?key|private[-_]?key)s?$/i;
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi;
const MAX_DEPTH = 6;
const MAX_TEXT = 8_192;
const MAX_ITEMS = 100;

/** Details as a log line may hold them: no secrets, errors in full, bounded in depth and length. */
export function loggable(details: object): Record<string, unknown> {
  try {
    const shown = view(details, 0);
    return isPlain(shown) ? shown : { details: shown };
  } catch {
    // A getter or a toJSON that throws. The line itself matters more.
    return { details: '[cannot be shown]' };
  }
}

function view(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return errorView(value, depth);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => view(item, depth + 1));
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (hasToJson(value)) return view(value.toJSON(), depth + 1);
  const shown: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value).slice(0, MAX_ITEMS)) shown[key] = field(key, item, depth);
  return shown;
}

/** Numbers and booleans stay: how many tokens there are is no secret. */
function field(name: string, value: unknown, depth: number): unknown {
  const isHidden = SECRET_NAME.test(name) && (typeof value === 'string' || typeof value === 'object') && value !== null;
  return isHidden ? '[secret]' : view(value, depth + 1);
}

function errorView(error: Error, depth: number): Record<string, unknown> {
  const shown: Record<string, unknown> = { type: error.name, message: text(error.message) };
  for (const [key, item] of Object.entries(error))
    if (key !== 'name' && key !== 'message') shown[key] = field(key, item, depth);
  // Where an expected failure was made says nothing; its code and its log do.
  if (!isGraphError(error)) shown.stack = text(error.stack ?? '');
  if (error.cause !== undefined) shown.cause = view(error.cause, depth + 1);
  return shown;
}

function text(value: string): string {
  const clean = withoutCredentials(value).replaceAll(BEARER, '$1 [secret]');
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}...` : clean;
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
