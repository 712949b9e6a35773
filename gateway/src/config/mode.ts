import { z } from 'zod';

/** `mode:` in gateway.yaml. */
export const mode = z
  .enum(['development', 'production'])
  .default('production')
  .describe('development shows the console, introspection and hints in errors; production shows none of them.');
