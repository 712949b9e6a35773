import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database } from '@weft/database';
import { GraphError, isGraphError } from '@weft/errors';
import { onceOn, type ReceivedEvent, type Receivers, type ReceiverTools } from '@weft/queue';
import { parseJsonBody, type RequestVerifier, readSignedBody, sendError } from '@weft/service';
import { ATTRIBUTES, SPANS, type Telemetry } from '@weft/telemetry';

export interface EventHandlerOptions<T> {
  readonly receives: Receivers<T>;
  readonly database: Database<T>;
  readonly verifier: RequestVerifier;
  readonly maxBodyBytes: number;
  readonly telemetry: Telemetry;
}

/**
 * Takes events of other subgraphs: signed like requests of the gateway, one a request. 200 when the event was handled,
 * now or before; 400 or 404 when it never will be; anything else when it should come again.
 */
export function createEventHandler<T>(options: EventHandlerOptions<T>) {
  const { telemetry } = options;
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parent = telemetry.extractTrace(request.headers);
    await telemetry.span(SPANS.subgraphEvent, { parent, kind: 'consumer' }, async (span) => {
      try {
        const event = await readEvent(request, options);
        span.setAttribute(ATTRIBUTES.topic, event.topic);
        await handle(event, options);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      } catch (error) {
        span.recordError(error);
        const code = isGraphError(error) ? error.code : 'INTERNAL_SERVER_ERROR';
        telemetry.log.warn({ error, code }, 'An event was not taken.');
        sendError(response, error, telemetry);
      }
    });
  };
}

async function handle<T>(event: ReceivedEvent, { receives, database }: EventHandlerOptions<T>): Promise<void> {
  const receiver = Object.hasOwn(receives, event.topic) ? receives[event.topic] : undefined;
  if (receiver === undefined) throw new GraphError('NOT_FOUND', 'Nothing is done here about events of this topic.');
  const once: ReceiverTools<T>['once'] = (at, id, effect) =>
    onceOn(database, database.shardOf(at), `event ${event.topic}`)(id, effect);
  await receiver(event, { once });
}

async function readEvent<T>(request: IncomingMessage, options: EventHandlerOptions<T>): Promise<ReceivedEvent> {
  if (request.method !== 'POST') throw new GraphError('METHOD_NOT_ALLOWED', 'Only POST is served here.');
  const { verifier, maxBodyBytes: maxBytes } = options;
  const refusal = 'Only another subgraph can call this.';
  const event = parseJsonBody(await readSignedBody(request, { verifier, maxBytes, refusal }));
  if (!isEvent(event))
    throw new GraphError('BAD_REQUEST', 'An event is {"id", "topic", "payload"}; its payload is an object.');
  return event;
}

function isEvent(value: unknown): value is ReceivedEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { id, topic, payload } = value as Partial<ReceivedEvent>;
  return (
    typeof id === 'string' &&
    id.length > 0 &&
    id.length <= 200 &&
    typeof topic === 'string' &&
    typeof payload === 'object' &&
    payload !== null &&
    !Array.isArray(payload)
  );
}
