import { duration, httpUrl, loadConfig, secretList } from '@weft/config';
import { z } from 'zod';
import { faults, NO_FAULTS } from './faults.ts';

const paymentSettings = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z.int().min(0).max(65_535).default(0).describe('Port to listen on; 0 takes a free one.'),
  secrets: secretList({ minLength: 16 }).describe('Shared with those that charge.'),
  ledger: z.string().min(1).describe('File of the books. It is made when there is none.'),
  faults: faults().default(NO_FAULTS).describe('What goes wrong, and how often.'),
  orders: httpUrl().optional().describe('Where outcomes are told as events besides; nowhere when absent.'),
  silence: duration('30s').describe('How long a request is held that is not answered.'),
});

export type PaymentSettings = z.output<typeof paymentSettings>;

/** From the environment alone. Throws UserError with every problem. */
export function loadPaymentSettings(environment?: NodeJS.ProcessEnv): PaymentSettings {
  return loadConfig({
    schema: paymentSettings,
    env: {
      WEFT_HOST: 'host',
      WEFT_PORT: 'port',
      WEFT_SECRETS: 'secrets',
      WEFT_PAYMENTS_LEDGER: 'ledger',
      WEFT_PAYMENTS_FAULTS: 'faults',
      WEFT_PAYMENTS_ORDERS: 'orders',
    },
    ...(environment && { environment }),
  });
}
