import { z } from 'zod';
import { note } from './schema-tree.ts';

const TIME_UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SIZE_UNITS = { B: 1, KiB: 1_024, MiB: 1_024 ** 2, GiB: 1_024 ** 3 } as const;

interface Bounds {
  readonly min?: string;
  readonly max?: string;
}

/** A length of time as text with its unit; gives milliseconds. */
export function duration(byDefault: string, bounds?: Bounds): z.ZodPrefault<z.ZodType<number>>;
export function duration(byDefault?: undefined, bounds?: Bounds): z.ZodType<number>;
export function duration(byDefault?: string, bounds: Bounds = {}): z.ZodType<number> {
  return measure(TIME_UNITS, 'a length of time', '500ms or 5s', bounds, byDefault);
}

/** A number of bytes as text with its unit; gives bytes. */
export function byteSize(byDefault: string, bounds?: Bounds): z.ZodPrefault<z.ZodType<number>>;
export function byteSize(byDefault?: undefined, bounds?: Bounds): z.ZodType<number>;
export function byteSize(byDefault?: string, bounds: Bounds = {}): z.ZodType<number> {
  return measure(SIZE_UNITS, 'a size', '64KiB or 8MiB', bounds, byDefault);
}

function measure(
  units: Readonly<Record<string, number>>,
  what: string,
  examples: string,
  bounds: Bounds,
  byDefault: string | undefined,
): z.ZodType<number> {
  const unitList = Object.keys(units).join(', ');
  const min = bounds.min === undefined ? 0 : amount(bounds.min, units);
  const max = bounds.max === undefined ? Number.MAX_SAFE_INTEGER : amount(bounds.max, units);
  if (typeof min === 'string' || typeof max === 'string')
    throw new Error(`bounds of ${what} are wrong: ${min}, ${max}`);
  const range = [bounds.min && `at least ${bounds.min}`, bounds.max && `at most ${bounds.max}`]
    .filter(Boolean)
    .join(', ');
  const schema = z.unknown().transform((given, context): number => {
    const read = amount(given, units);
    if (typeof read === 'number' && read >= min && read <= max) return read;
    const message = typeof read === 'string' ? read : 'out of range';
    context.issues.push({ code: 'custom', message, input: given });
    return z.NEVER;
  });
  const allowed = `${what} with its unit (${unitList}), such as ${examples}${range === '' ? '' : `, ${range}`}`;
  const noted: z.ZodType<number> = note(schema, { allowed, readsText: true });
  return byDefault === undefined ? noted : noted.prefault(byDefault);
}

/** The amount in the smallest unit, or what is wrong with it. */
function amount(given: unknown, units: Readonly<Record<string, number>>): number | string {
  if (typeof given === 'number') return 'the unit is missing';
  const parts = typeof given === 'string' ? /^(\d{1,15}(?:\.\d{1,6})?)\s?([a-z]*)$/i.exec(given.trim()) : null;
  if (parts === null) return 'not an amount';
  const [, digits = '', unit = ''] = parts;
  if (unit === '') return 'the unit is missing';
  if (!Object.hasOwn(units, unit)) return `"${unit}" is not a unit of it`;
  return Math.round(Number(digits) * (units[unit] ?? 0));
}
