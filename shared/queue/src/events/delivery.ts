import { GraphError } from '@weft/errors';
import {
  defineJob,
  type JobDefinition,
  type JobFailure,
  type JobSettings,
  type JobTools,
} from '../jobs/job-definition.ts';
import { EVENTS_PATH } from './peers.ts';

export interface DeliveryDeclaration<T, D extends object> {
  /** Of the job that delivers. */
  readonly name: string;
  /** The subgraph that takes the event, by its name in `peers`. */
  readonly to: string;
  readonly topic: string;
  readonly settings?: Partial<JobSettings>;
  parse(data: unknown): D;
  /** The same for the same event, whenever it is sent. */
  idOf(data: D): string;
  failed?(data: D, failure: JobFailure, tools: JobTools<T>): Promise<void>;
}

/** Where nobody answers, an event is tried for about two hours before it waits for a person. */
const PATIENT = { retryLimit: 120 };

/**
 * A job that sends an event to another subgraph, until it has said that it took it. The payload is the job's data. Send
 * it from a handler of the outbox: then the event leaves when what it tells of is committed, and not otherwise.
 */
export function defineDelivery<T>() {
  return <D extends object>(declaration: DeliveryDeclaration<T, D>): JobDefinition<T> => {
    const { name, to, topic, parse, idOf, failed } = declaration;
    return defineJob<T>()({
      ...{ name, parse, asks: [to], settings: { ...PATIENT, ...declaration.settings } },
      run: (payload, tools) => deliver(tools, to, { id: idOf(payload), topic, payload }),
      ...(failed && { failed }),
    });
  };
}

/** Sends one event. Throws BAD_USER_INPUT when the receiver can make nothing of it, however often it comes. */
export async function deliver<T>(
  { call, signal }: Pick<JobTools<T>, 'call' | 'signal'>,
  to: string,
  event: { readonly id: string; readonly topic: string; readonly payload: object },
): Promise<void> {
  const { status } = await call(to, { path: EVENTS_PATH, body: event, signal });
  if (status < 300) return;
  const detail = { log: { to, topic: event.topic, status } };
  if (status === 400 || status === 404) {
    throw new GraphError('BAD_USER_INPUT', `${to} takes no such event.`, detail);
  }
  throw new GraphError('SUBREQUEST_HTTP_ERROR', `${to} did not take the event.`, detail);
}
