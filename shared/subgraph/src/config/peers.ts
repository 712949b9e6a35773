import { z } from 'zod';

const ONE = /^([a-z][a-z0-9-]*)=(https?:\/\/[^\s,/]+)\/?$/;

/** `inventory=http://127.0.0.1:4103,payments=http://127.0.0.1:4120`: names and addresses without a path. */
export function peers(): z.ZodType<Readonly<Record<string, string>>, string> {
  return z
    .string()
    .refine(
      (text) => text.split(',').every((one) => ONE.test(one)),
      'names and addresses: inventory=http://127.0.0.1:4103,...',
    )
    .transform((text) => Object.fromEntries(text.split(',').map((one) => (ONE.exec(one) ?? []).slice(1, 3))));
}
