import { createTelemetry } from '@weft/telemetry';
import { createService } from '../src/service.ts';
import { stopOnSignal } from '../src/stop-on-signal.ts';

// A process as main.ts of a service makes one. What it should do comes as its argument.
const task = process.argv[2];
let isReady = task !== 'ready-later';
const service = await createService({
  name: 'served',
  telemetry: createTelemetry({ service: 'served' }),
  host: '127.0.0.1',
  port: 0,
  drain: { leadMs: 0, timeoutMs: 5_000 },
  checks: {
    late: () => {
      if (!isReady) throw new Error('not yet');
    },
  },
  handler: (request, response) => {
    process.send?.({ arrived: request.url });
    if (request.url === '/become-ready') isReady = true;
    if (request.url === '/reject') void Promise.reject(new Error('nobody handles this'));
    if (request.url === '/never') return;
    if (request.url === '/slow') setTimeout(() => response.end('slow done'), 500);
    else response.end('ok');
  },
});
process.stdout.write(`${service.url}\n`);
stopOnSignal(service);
