import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { GraphError } from '@weft/errors';
import { createRequestVerifier, createService, parseJsonBody, readSignedBody, type Service } from '@weft/service';
import { createTelemetry } from '@weft/telemetry';
import { type Entry, type Ledger, openLedger } from './ledger.ts';
import type { PaymentSettings } from './settings.ts';
import { createTell, type Tell } from './tell.ts';

export interface Payments {
  /** Without a path. */
  readonly url: string;
  readonly service: Service;
  entries(): readonly Entry[];
  stop(): Promise<void>;
}

interface Request {
  readonly key: string;
  readonly amountMinor: number;
  readonly currency: string;
}

interface Desk {
  readonly ledger: Ledger;
  readonly settings: PaymentSettings;
  readonly tell: Tell;
}

const NAME = 'payments';
const MAX_BYTES = 10_000;

/**
 * A payment provider for the marketplace: `POST /charges {key, amountMinor, currency}` and `POST /refunds {key}`, signed
 * like every request between our processes. A key is charged once, however often it is sent. A refund of a key that was
 * not charged voids it: it never will be. It fails, is silent and answers twice as its faults say.
 */
export async function startPayments(settings: PaymentSettings): Promise<Payments> {
  const telemetry = createTelemetry({ service: NAME, logLevel: 'warn' });
  const ledger = await openLedger(settings.ledger);
  const secrets = settings.secrets.map((secret) => secret.reveal());
  const verifier = createRequestVerifier(secrets, { audience: NAME });
  const tell = createTell({ orders: settings.orders, secrets, telemetry });
  const desk: Desk = { ledger, settings, tell };
  const service = await createService({
    ...{ name: NAME, telemetry, host: settings.host, port: settings.port },
    handler: async (request, response) => {
      const { method = '', url: path = '' } = request;
      const isLedger = path === '/ledger';
      const work = path === '/charges' ? charge : path === '/refunds' ? refund : undefined;
      if (work === undefined && !isLedger) throw new GraphError('NOT_FOUND', 'Nothing is served at this path.');
      const allowed = isLedger ? 'GET' : 'POST';
      if (method !== allowed) throw new GraphError('METHOD_NOT_ALLOWED', `Only ${allowed} is served at this path.`);
      const body = await readSignedBody(request, { verifier, maxBytes: MAX_BYTES, refusal: 'A signature is needed.' });
      if (work === undefined) return answer(response, 200, ledger.entries());
      await withFaults(desk, request, response, () => work(desk, read(body)));
    },
    onStop: async () => {
      await ledger.stop();
      await telemetry.stop();
    },
  });
  return { url: service.url, service, entries: () => ledger.entries(), stop: () => service.stop() };
}

async function withFaults(
  { settings, tell }: Desk,
  request: IncomingMessage,
  response: ServerResponse,
  work: () => Promise<Entry>,
): Promise<void> {
  const { faults, silence } = settings;
  if (Math.random() < faults.fail) return answer(response, 503, { error: 'out of order' });
  const entry = await work();
  if (Math.random() < faults.twice) for (let time = 0; time < 2; time += 1) void tell(entry);
  if (Math.random() < faults.silent) {
    const gone = new AbortController();
    request.socket.once('close', () => gone.abort());
    await delay(silence, undefined, { signal: gone.signal, ref: false }).catch(() => undefined);
    response.destroy();
    return;
  }
  answer(response, entry.state === 'declined' ? 402 : entry.state === 'voided' ? 409 : 200, entry);
}

async function charge({ ledger, settings }: Desk, { key, amountMinor, currency }: Request): Promise<Entry> {
  const before = ledger.find(key);
  if (
    before !== undefined &&
    before.state !== 'voided' &&
    (before.amountMinor !== amountMinor || before.currency !== currency)
  ) {
    throw new GraphError('IDEMPOTENCY_KEY_REUSED', 'This key was charged with another amount.');
  }
  const declined = Math.random() < settings.faults.decline;
  return known(
    await ledger.change(key, (now) =>
      now === undefined ? { key, amountMinor, currency, state: declined ? 'declined' : 'charged' } : undefined,
    ),
  );
}

async function refund({ ledger }: Desk, { key }: Pick<Request, 'key'>): Promise<Entry> {
  const entry = known(
    await ledger.change(key, (now) => {
      if (now === undefined) return { key, amountMinor: 0, currency: '', state: 'voided' };
      return now.state === 'charged' ? { ...now, state: 'refunded' } : undefined;
    }),
  );
  // Asked for and done: not the failure that it would be for a charge.
  return entry.state === 'refunded' ? entry : { ...entry, state: 'refunded', amountMinor: 0 };
}

function known(entry: Entry | undefined): Entry {
  if (entry === undefined) throw new Error('an entry of the ledger is gone');
  return entry;
}

function read(text: string): Request {
  const {
    key,
    amountMinor = 0,
    currency = '',
  } = Object(parseJsonBody(text)) as Partial<Record<keyof Request, unknown>>;
  if (typeof key !== 'string' || key === '' || !Number.isSafeInteger(amountMinor) || Number(amountMinor) < 0) {
    throw new GraphError('BAD_REQUEST', 'A charge is {"key", "amountMinor", "currency"}, a refund {"key"}.');
  }
  return { key, amountMinor: Number(amountMinor), currency: String(currency) };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
