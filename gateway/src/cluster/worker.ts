import cluster from 'node:cluster';
import type { GatewayConfig } from '../config/index.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import { metricsPlace } from '../metrics-place.ts';
import { isMessage, type ToPrimary, type ToWorker } from './messages.ts';
import { createQuestions } from './questions.ts';

/** How long connections without a request stay open, to be used once more, when this worker leaves. */
const IDLE_GRACE_MS = 5_000;
/** For what the primary process says about metrics. */
const METRICS_TIMEOUT_MS = 3_000;

/** The gateway of one worker process, which the primary process starts and ends. */
export async function runWorker(config: GatewayConfig): Promise<Gateway> {
  let allServe = false;
  let gateway: Gateway | undefined;
  const questions = createQuestions<string>(METRICS_TIMEOUT_MS);
  // from the beginning: that all serve is told before this one does
  process.on('message', (received: unknown) => {
    if (!isMessage(received)) return;
    const message = received as ToWorker;
    if (message.type === 'all-serve') allServe = true;
    if (message.type === 'metrics') questions.answer(message.id, message.text);
    if (gateway === undefined) return;
    if (message.type === 'reload') void gateway.reload();
    if (message.type === 'count') void count(gateway, message.id);
    if (message.type === 'leave') void leave(gateway);
  });
  gateway = await createGateway(withOwnName(config), {
    // a port of its own is the primary's to open
    metrics: metricsPlace(config) === 'beside' ? 'beside' : 'nowhere',
    async metricsText() {
      const text = await questions.ask((id) => tell({ type: 'ask-metrics', id }));
      if (text === undefined) throw new Error('the primary process is silent');
      return text;
    },
    checks: {
      workers() {
        if (!allServe) throw new Error('not every worker serves yet');
      },
    },
  });
  tell({ type: 'serves', url: gateway.url });
  return gateway;
}

function tell(message: ToPrimary): void {
  if (process.connected) process.send?.(message, () => undefined);
}

function withOwnName(config: GatewayConfig): GatewayConfig {
  const instance = `${config.telemetry.instance ?? 'gateway'}-${cluster.worker?.id ?? 0}`;
  return { ...config, telemetry: { ...config.telemetry, instance } };
}

async function count({ telemetry }: Gateway, id: number): Promise<void> {
  tell({ type: 'counted', id, snapshot: await telemetry.metricsSnapshot() });
}

/** Another worker serves in its place. */
async function leave({ service, telemetry }: Gateway): Promise<void> {
  try {
    await service.stop({ idleGraceMs: IDLE_GRACE_MS, staysReady: true });
    const snapshot = await telemetry.metricsSnapshot();
    await telemetry.stop();
    if (!process.connected) process.exit(0);
    process.send?.({ type: 'left', snapshot } satisfies ToPrimary, () => process.exit(0));
  } catch (error) {
    telemetry.log.error({ error }, 'A worker could not leave in order.');
    process.exit(1);
  }
}
