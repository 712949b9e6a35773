import { type ErrorCode, GraphError } from '@weft/errors';
import type { PlanStep } from '../plan/steps.ts';
import type { PlanningSource } from './plan-request.ts';
import type { PlanningRequest } from './planning.ts';

/** What a planning thread is started with; a process gets it as its first message. */
export type ThreadData = PlanningSource;

/** To the thread; it answers one after the other. */
export type ToThread = PlanningRequest;

/** From the thread: once that it is ready, then one answer for each request. */
export type FromThread =
  | { readonly kind: 'ready' }
  /** It cannot start. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'steps'; readonly steps: readonly PlanStep[] | undefined }
  | { readonly kind: 'refused'; readonly error: SentError };

/** A GraphError without its class, which does not go from thread to thread. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly log: Readonly<Record<string, unknown>>;
}

export function toSent({ code, message, extensions, log }: GraphError): SentError {
  return { code, message, extensions, log };
}

export function fromSent({ code, message, ...options }: SentError): GraphError {
  return new GraphError(code, message, options);
}
