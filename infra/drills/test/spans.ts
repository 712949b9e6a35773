import type { OtlpReceiver, ReceivedSpan } from '@weft/testing';
import { waitFor } from '@weft/testing';

const childrenOf = (spans: readonly ReceivedSpan[], parent: string | undefined) =>
  spans.filter(({ parentSpanId }) => parentSpanId === parent).sort((a, b) => a.startMs - b.startMs);

/** Every process exports within this time. */
const EXPORT_EVERY_MS = 2_500;

/** All spans of a trace, when every parent that is named has arrived and nobody has sent more for a while. */
export async function wholeTrace(
  receiver: OtlpReceiver,
  traceId: string,
  clientSpan: string,
): Promise<readonly ReceivedSpan[]> {
  let count = 0;
  let since = performance.now();
  return waitFor(
    () => {
      const spans = receiver.spans().filter((span) => span.traceId === traceId);
      if (spans.length !== count) since = performance.now();
      count = spans.length;
      const known = new Set([clientSpan, ...spans.map(({ spanId }) => spanId)]);
      const complete =
        spans.some(({ name }) => name === 'gateway.operation') &&
        spans.every(({ parentSpanId }) => parentSpanId !== undefined && known.has(parentSpanId));
      return complete && performance.now() - since > EXPORT_EVERY_MS ? spans : undefined;
    },
    { timeoutMs: 30_000, what: `the whole trace ${traceId}` },
  );
}

/** A trace as text, two spaces a level: what a person sees in a trace viewer. */
export function drawTrace(spans: readonly ReceivedSpan[], root: string): string {
  const lines: string[] = [];
  const draw = (parent: string, depth: number): void => {
    for (const span of childrenOf(spans, parent)) {
      const detail = [
        'weft.subgraph',
        'weft.field',
        'weft.loader',
        'weft.batch.keys',
        'weft.shard',
        'weft.server',
        'weft.rows',
      ]
        .map((key) => span.attributes[key])
        .filter((value) => value !== undefined)
        .join(' ');
      const links = span.links.length === 0 ? '' : ` (${span.links.length} links)`;
      const ms = (span.endMs - span.startMs).toFixed(1);
      lines.push(`${'  '.repeat(depth)}${span.name} [${span.service}] ${detail}${links} ${ms} ms`);
      draw(span.spanId, depth + 1);
    }
  };
  draw(root, 0);
  return lines.join('\n');
}
