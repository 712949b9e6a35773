import { httpUrl } from '@weft/config';
import { z } from 'zod';

const metrics = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1').describe('Address of the port of the metrics.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .optional()
      .describe(
        'Port that serves /metrics and nothing else; 0 takes a free one, and that of `http` serves them beside the clients. Absent: beside the clients in development, nowhere in production.',
      ),
    operationsDirectory: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder of committed operations, *.graphql: each of their names has a label of its own in metrics, whatever strangers send. Other names earn one of the 200 further labels by 20 answers without a mistake of the client.',
      ),
  })
  .prefault({})
  .describe('Counters and histograms for Prometheus.');

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
    metrics,
    instance: z.string().min(1).optional().describe('Tells copies of the gateway apart in traces and logs.'),
  })
  .prefault({})
  .describe('What the gateway tells of itself.');
