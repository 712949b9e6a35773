import { z } from 'zod';

/** `unsigned:` in gateway.yaml. */
export const unsigned = z
  .boolean()
  .default(false)
  .describe(
    "Production without secrets is refused unless this is true: the subgraphs are somebody else's, and check neither signature nor user.",
  );
