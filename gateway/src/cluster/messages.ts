import type { MetricsSnapshot } from '@weft/telemetry';

/** What the primary process tells a worker. */
export type ToWorker =
  /** Looks at its files now. */
  | { readonly type: 'reload' }
  /** Ends when all it has is answered; connections are used once more before they go. */
  | { readonly type: 'leave' }
  /** Every worker serves, so that this one may say that it is ready. */
  | { readonly type: 'all-serve' }
  | { readonly type: 'count'; readonly id: number }
  | { readonly type: 'metrics'; readonly id: number; readonly text: string };

/** What a worker tells the primary process. */
export type ToPrimary =
  | { readonly type: 'serves'; readonly url: string }
  /** Its checks pass; `stopOnSignal` tells it to any parent. */
  | { readonly type: 'listening' }
  | { readonly type: 'counted'; readonly id: number; readonly snapshot: MetricsSnapshot }
  /** Its last counts, on its way out. */
  | { readonly type: 'left'; readonly snapshot: MetricsSnapshot }
  /** Somebody asks it for /metrics, which is of all. */
  | { readonly type: 'ask-metrics'; readonly id: number };

export function isMessage(message: unknown): message is { readonly type: string } {
  return typeof message === 'object' && message !== null && 'type' in message && typeof message.type === 'string';
}
