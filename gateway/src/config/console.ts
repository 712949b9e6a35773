import { z } from 'zod';

/** `console:` in gateway.yaml. */
export const console = z
  .strictObject({
    directory: z
      .string()
      .min(1)
      .optional()
      .describe('Files of the console, served in development only. Absent: no console.'),
  })
  .prefault({})
  .describe('The page for trying operations.');
