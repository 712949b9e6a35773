import { httpUrl } from '@weft/config';
import { z } from 'zod';

/** `telemetry:` in gateway.yaml. */
export const telemetry = z
  .strictObject({
    otlpUrl: httpUrl()
      .optional()
      .describe('OTLP/HTTP collector of traces. Absent: none are recorded, all are passed on.'),
    logLevel: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .describe('Least level that is logged.'),
    instance: z.string().min(1).optional().describe('Tells copies of the gateway apart in traces and logs.'),
  })
  .prefault({})
  .describe('What the gateway tells of itself.');
