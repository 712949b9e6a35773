import { reportFailure } from '@weft/errors';
import { stopOnSignal } from '@weft/service';
import { startPayments } from './payments.ts';
import { loadPaymentSettings } from './settings.ts';

try {
  const { service } = await startPayments(loadPaymentSettings());
  stopOnSignal(service);
} catch (error) {
  process.exit(reportFailure(error, (text) => console.error(text)));
}
