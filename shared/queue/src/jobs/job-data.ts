/** What lies in pg-boss's row: the job's own data under its own names, and ours under a name that no job takes. */
const TRACE = 'weft.traceparent';

/** The data as it is queued. */
export function wrapData({
  data,
  traceparent,
}: {
  readonly data: object;
  readonly traceparent: string | null;
}): object {
  return traceparent === null ? data : { ...data, [TRACE]: traceparent };
}

/** The job's own data, and the span that it comes from, as text. */
export function unwrapData(queued: unknown): { readonly data: unknown; readonly traceparent: string | undefined } {
  if (typeof queued !== 'object' || queued === null || !(TRACE in queued))
    return { data: queued, traceparent: undefined };
  const { [TRACE]: traceparent, ...data } = queued as Record<string, unknown>;
  return { data, traceparent: String(traceparent) };
}
