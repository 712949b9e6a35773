import { z } from 'zod';

/** How often it does what payment providers do, each from 0 to 1. */
export interface Faults {
  /** Answers 503, and has done nothing. */
  readonly fail: number;
  /** Does the work and never answers. */
  readonly silent: number;
  /** Tells the outcome again by an event, twice. */
  readonly twice: number;
  /** Declines the charge, and stays with it. */
  readonly decline: number;
}

export const NO_FAULTS: Faults = { fail: 0, silent: 0, twice: 0, decline: 0 };

const ONE = /^(fail|silent|twice|decline)=(0(?:\.\d+)?|1(?:\.0+)?)$/;

/** `fail=0.1,silent=0.05`; what is not named does not happen. */
export function faults(): z.ZodType<Faults, string> {
  return z
    .string()
    .refine(
      (text) => text.split(',').every((one) => ONE.test(one)),
      'fail, silent, twice and decline, each from 0 to 1: fail=0.1,silent=0.05',
    )
    .transform((text) => {
      const named = text.split(',').map((one) => (ONE.exec(one) ?? []).slice(1, 3));
      return { ...NO_FAULTS, ...Object.fromEntries(named.map(([name, share]) => [name, Number(share)])) };
    });
}
