import { z } from 'zod';

/** `demandControl:` in gateway.yaml. */
export const demandControl = z
  .strictObject({
    maxCost: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .default(20_000)
      .describe(
        'Most that an operation may be estimated to cost before it is planned: each object is 1 and a list as many as it is asked for, unless `@cost` says otherwise.',
      ),
    assumedListSize: z
      .int()
      .min(0)
      .max(10_000)
      .default(5)
      .describe(
        'Items of a list about which neither `@listSize` nor an argument `first`, `last` or `limit` says anything.',
      ),
  })
  .prefault({})
  .describe('How much one operation may ask for.');
