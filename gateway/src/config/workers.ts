import { z } from 'zod';

/** `workers:` in gateway.yaml. */
export const workers = z
  .union([z.int().min(1).max(128), z.enum(['auto'])])
  .optional()
  .describe(
    'Processes that serve the one port, each with an engine and caches of its own; auto is one for each core. They are restarted one after the other at SIGUSR2, and replaced when they end. Absent: this process serves alone.',
  );
