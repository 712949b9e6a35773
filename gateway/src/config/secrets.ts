import { secretList } from '@weft/config';

/** `secrets:` in gateway.yaml. */
export const secrets = secretList({ minLength: 16 })
  .optional()
  .describe(
    'Shared with our own subgraphs: the first signs requests and user tokens. Absent: nothing is signed and no subgraph is told who asks; in production only together with `unsigned`.',
  );
