import { connect as connectPlain, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Exchange, HttpFailure } from './exchange.ts';
import { BadResponse } from './response-head.ts';
import { ResponseReader } from './response-reader.ts';

/** Where connections go, and what holds for all of them. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  /** Undefined: plain HTTP. */
  readonly tls: ConnectionOptions | undefined;
  readonly lookup: ConnectionOptions['lookup'];
  readonly connectTimeoutMs: number;
  readonly mostResponseBytes: number;
  /** What a connection reads into. Several may share one: it is empty again when the read is over. */
  readonly readBuffer: () => Buffer;
}

/** What a connection tells its pool. */
export interface ConnectionOwner {
  /** It has room for another request. */
  onFree(connection: Connection): void;
  /** It is not used again. */
  onGone(connection: Connection): void;
}

/** Longest time without a request where the server tells no limit of its own: that is often five seconds, and whoever writes just then loses the race. */
const USUAL_IDLE_MS = 4_000;
const MOST_IDLE_MS = 60_000;
/** Nearer than this to the limit that a server tells, a connection is not used. */
const RACE_MARGIN_MS = 1_000;

/** One keep-alive connection: requests go out in order, answers come back in the same one. */
export class Connection {
  readonly inFlight: Exchange[] = [];
  /** Moment on `performance.now()` after which it is too old. */
  idleUntilMs = Number.POSITIVE_INFINITY;
  /** A request is on it that no other may share it with. */
  isExclusive = false;
  readonly #owner: ConnectionOwner;
  readonly #reader: ResponseReader;
  readonly #socket: Socket;
  #state: 'connecting' | 'open' | 'gone' = 'connecting';
  #answered = 0;
  /** Requests of this tick, written at once. */
  #unwritten = '';
  #patience: string | undefined;
  #mostIdleMs = USUAL_IDLE_MS;

  constructor(settings: ConnectionSettings, owner: ConnectionOwner) {
    this.#owner = owner;
    this.#reader = new ResponseReader(settings.mostResponseBytes);
    this.#socket = open(settings, (bytes, count) => this.#read(bytes, count));
    const late = () => this.#state === 'connecting' && this.#fail(new Error('no connection in time'));
    // a process that was held up itself first looks at what has come meanwhile
    const timer = setTimeout(() => setImmediate(late), settings.connectTimeoutMs);
    this.#socket.once(settings.tls === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer);
      if (this.#state === 'connecting') this.#state = 'open';
    });
    this.#socket.once('end', () => this.#onEnd());
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.once('close', () => {
      clearTimeout(timer);
      this.#fail(new Error('the connection was closed'));
    });
  }

  send(exchange: Exchange): void {
    exchange.holder = this;
    this.inFlight.push(exchange);
    // what a break of a shared connection failed is not to share the next one
    if (!exchange.mayShare || exchange.fresh) this.isExclusive = true;
    if (this.#unwritten === '') process.nextTick(() => this.#write());
    this.#unwritten += exchange.text;
  }

  /** The answer would have to be read before the next one: there is no way back to a connection that can be used. */
  cancel(exchange: Exchange): void {
    const index = this.inFlight.indexOf(exchange);
    if (index !== -1) this.inFlight.splice(index, 1);
    this.#fail(new Error('another request of this connection was given up'), true);
  }

  /** Closes it when nothing waits for an answer, or else at once after those. */
  retire(): void {
    this.idleUntilMs = 0;
    if (this.inFlight.length === 0) this.#leave();
  }

  destroy(): void {
    this.#fail(new Error('the gateway stops'));
  }

  #write(): void {
    const text = this.#unwritten;
    this.#unwritten = '';
    if (this.#state !== 'gone') this.#socket.write(text, 'latin1');
  }

  #read(bytes: Buffer, count: number): void {
    let at = 0;
    try {
      while (at < count && this.#state !== 'gone') {
        // nobody asked for this, so nobody can say whose answer it is
        if (this.inFlight.length === 0) throw new BadResponse('an answer without a request');
        at = this.#reader.read(bytes, at, count);
        if (at === -1) return;
        this.#finish(at === count);
      }
    } catch (error) {
      if (!(error instanceof BadResponse)) throw error;
      this.#fail(error);
    }
  }

  /** An answer is whole. `isLast`: nothing has come behind it. */
  #finish(isLast: boolean): void {
    const exchange = this.inFlight.shift() as Exchange;
    const { head, body } = this.#reader;
    exchange.holder = undefined;
    this.#answered += 1;
    const isAlone = this.inFlight.length === 0;
    if (!head.persists || (isAlone && (!isLast || this.#socket.writableLength > 0))) {
      this.#leave();
    } else {
      this.#readPatience(head.keepAlive);
      if (isAlone) this.isExclusive = false;
      if (this.idleUntilMs !== 0) this.idleUntilMs = performance.now() + this.#mostIdleMs;
      this.#owner.onFree(this);
    }
    try {
      exchange.onReply({ head, bytes: body.bytes, start: body.start, end: body.end });
    } finally {
      this.#reader.next();
    }
  }

  #readPatience(header: string | undefined): void {
    if (header === this.#patience) return;
    this.#patience = header;
    const seconds = /(?:^|[,\s])timeout=(\d{1,6})/i.exec(header ?? '')?.[1];
    const told = seconds === undefined ? USUAL_IDLE_MS : Number(seconds) * 1_000 - RACE_MARGIN_MS;
    this.#mostIdleMs = Math.max(1, Math.min(MOST_IDLE_MS, told));
  }

  #onEnd(): void {
    if (this.#state !== 'gone' && this.inFlight.length > 0 && this.#reader.endsWithClose()) this.#finish(true);
    this.#fail(new Error('the subgraph closed the connection'));
  }

  /** Not used again; those who still wait on it fail. */
  #fail(cause: unknown, isOurDoing = false): void {
    if (this.#state === 'gone') return;
    // given up by the gateway, it says nothing about whether the subgraph can be reached
    const kind = this.#state === 'connecting' && !isOurDoing ? 'unreached' : 'unanswered';
    const hasBegun = this.#reader.hasBegun || cause instanceof BadResponse;
    const waiting = this.inFlight.splice(0);
    this.#leave();
    const blameless = isOurDoing || this.#answered > 0;
    for (const [index, exchange] of waiting.entries()) {
      const failure: HttpFailure = { kind: index === 0 && hasBegun ? 'broken' : kind, blameless, cause };
      exchange.holder = undefined;
      exchange.onFailure(failure);
    }
  }

  #leave(): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    this.#socket.destroy();
    this.#owner.onGone(this);
    const left = this.inFlight.splice(0);
    const cause = new Error('the subgraph closed the connection after another answer');
    for (const exchange of left) {
      exchange.holder = undefined;
      exchange.onFailure({ kind: 'unanswered', blameless: true, cause });
    }
  }
}

function open(settings: ConnectionSettings, onBytes: (bytes: Buffer, count: number) => void): Socket {
  const { host, port, lookup } = settings;
  const buffer = settings.readBuffer();
  const options = {
    host,
    port,
    noDelay: true,
    keepAlive: true,
    ...(lookup !== undefined && { lookup }),
    onread: {
      buffer,
      callback(count: number): boolean {
        onBytes(buffer, count);
        return true;
      },
    },
  };
  return settings.tls === undefined ? connectPlain(options) : connectTls({ ...options, ...settings.tls });
}
