export type { Entry } from './ledger.ts';
export { type Payments, startPayments } from './payments.ts';
export { loadPaymentSettings, type PaymentSettings } from './settings.ts';
