import { UserError } from '@weft/errors';
import { z } from 'zod';

const header = z.object({
  version: z.literal(1),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Hours of the window, and those with reports. */
  hours: z.number().positive(),
  hoursReported: z.number().min(0),
});

const row = z.object({
  name: z.string().optional(),
  body: z.string().min(1),
  client: z.string().default('unknown'),
  clientVersion: z.string().optional(),
  count: z.number().min(0),
  lastSeen: z.iso.datetime().optional(),
  /** Shapes of variables that were seen: keys, enums, booleans and nulls as sent; strings and numbers blanked. */
  variables: z.array(z.record(z.string(), z.unknown())).default([]),
});

export type UsageRow = z.infer<typeof row> & { readonly line: number };

/** What clients sent in a window of time. */
export interface Usage {
  /** As it is to be named in reports. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Share of the window's hours that were reported. */
  readonly coverage: number;
  readonly rows: readonly UsageRow[];
}

/** Reads newline-delimited JSON: the window in the first line, then a line for each operation and client. */
export function parseUsage(text: string, file: string): Usage {
  const lines = text.split('\n').map((line, index) => ({ line, number: index + 1 }));
  const [first, ...others] = lines.filter(({ line }) => line.trim() !== '');
  if (first === undefined)
    throw new UserError(`${file}: it is empty. Allowed: a line with the window, then operations.`);
  const window = read(header, first, file);
  return {
    file,
    from: window.from,
    to: window.to,
    coverage: Math.min(1, window.hoursReported / window.hours),
    rows: others.map((one) => ({ ...read(row, one, file), line: one.number })),
  };
}

function read<T>(
  schema: z.ZodType<T>,
  { line, number }: { readonly line: string; readonly number: number },
  file: string,
): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new UserError(`${file}:${number}: it is not JSON.`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UserError(`${file}:${number}: ${issue?.path.join('.')}: ${issue?.message}.`);
}
