import { Connection, type ConnectionOwner, type ConnectionSettings } from './connection.ts';
import type { Exchange, Holder } from './exchange.ts';

export interface OriginPoolSettings extends ConnectionSettings {
  readonly maxConnections: number;
  /** Requests that may wait for their answers on one connection, when every connection is busy. */
  readonly pipelining: number;
  /** Opens a connection outside of whatever request asks for it, so that it does not hold on to that one's context. */
  readonly outside: <T>(open: () => T) => T;
}

const SWEEP_MS = 1_000;

/** The connections to one origin, and the requests that wait for one: as long as their deadline lets them. */
export class OriginPool implements ConnectionOwner, Holder {
  readonly #settings: OriginPoolSettings;
  readonly #connections = new Set<Connection>();
  /** The one that was used last is the next to be used, so that those nobody needs grow old. */
  readonly #idle: Connection[] = [];
  /** First in, first out. */
  readonly #waiting = new Set<Exchange>();
  #sweep: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(settings: OriginPoolSettings) {
    this.#settings = settings;
  }

  send(exchange: Exchange): void {
    const connection = this.#connectionFor(exchange);
    if (connection !== undefined) {
      connection.send(exchange);
    } else {
      exchange.holder = this;
      this.#waiting.add(exchange);
    }
  }

  cancel(exchange: Exchange): void {
    this.#waiting.delete(exchange);
  }

  onFree(connection: Connection): void {
    if (this.#isClosed || connection.idleUntilMs === 0) {
      if (connection.inFlight.length === 0) connection.retire();
      return;
    }
    if (this.#waiting.size > 0) this.#serve(connection);
    if (connection.inFlight.length === 0 && this.#connections.has(connection)) this.#rest(connection);
  }

  onGone(connection: Connection): void {
    this.#connections.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    this.#serveNext();
  }

  /** After the requests in flight. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#connections) connection.retire();
  }

  destroy(): void {
    this.#isClosed = true;
    clearTimeout(this.#sweep);
    const cause = new Error('the gateway stops');
    for (const exchange of this.#waiting) this.#refuse(exchange, cause);
    for (const connection of [...this.#connections]) connection.destroy();
  }

  #refuse(exchange: Exchange, cause: unknown): void {
    this.#waiting.delete(exchange);
    exchange.holder = undefined;
    exchange.onFailure({ kind: 'unreached', blameless: false, cause });
  }

  #connectionFor(exchange: Exchange): Connection | undefined {
    const { maxConnections, pipelining } = this.#settings;
    if (exchange.fresh) {
      const idle = this.#connections.size < maxConnections ? undefined : this.#idle[0];
      if (idle !== undefined) idle.retire(); // makes room
    } else {
      const idle = this.#takeIdle();
      if (idle !== undefined) return idle;
    }
    if (this.#connections.size < maxConnections) return this.#open();
    // who waits already comes first, or a mutation would wait for ever
    const mayShare = pipelining > 1 && this.#waiting.size === 0 && exchange.mayShare && !exchange.fresh;
    return mayShare ? this.#leastBusy() : undefined;
  }

  #takeIdle(): Connection | undefined {
    const now = performance.now();
    for (let last = this.#idle.pop(); last !== undefined; last = this.#idle.pop()) {
      if (last.idleUntilMs > now) return last;
      last.retire();
    }
    return undefined;
  }

  #leastBusy(): Connection | undefined {
    let best: Connection | undefined;
    for (const connection of this.#connections) {
      const { isExclusive, inFlight, idleUntilMs } = connection;
      if (isExclusive || idleUntilMs === 0 || inFlight.length >= this.#settings.pipelining) continue;
      if (best === undefined || inFlight.length < best.inFlight.length) best = connection;
    }
    return best;
  }

  #open(): Connection {
    const connection = this.#settings.outside(() => new Connection(this.#settings, this));
    this.#connections.add(connection);
    return connection;
  }

  /** Gives a connection with room to those who wait longest, as long as they may have it. */
  #serve(connection: Connection): void {
    const { pipelining } = this.#settings;
    for (const exchange of this.#waiting) {
      if (exchange.fresh) {
        if (connection.inFlight.length === 0) connection.retire(); // its end opens another one
        return;
      }
      const isAlone = connection.inFlight.length === 0;
      if (!isAlone && (!exchange.mayShare || connection.isExclusive)) return;
      this.#waiting.delete(exchange);
      connection.send(exchange);
      if (!exchange.mayShare || connection.inFlight.length >= pipelining) return;
    }
  }

  #serveNext(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#connections.size >= this.#settings.maxConnections) return;
    this.#waiting.delete(next);
    this.#open().send(next);
  }

  #rest(connection: Connection): void {
    this.#idle.push(connection);
    this.#sweep ??= setTimeout(() => this.#sweepIdle(), SWEEP_MS).unref();
  }

  #sweepIdle(): void {
    this.#sweep = undefined;
    const now = performance.now();
    for (const connection of this.#idle.filter(({ idleUntilMs }) => idleUntilMs <= now)) connection.retire();
    if (this.#idle.length > 0 && !this.#isClosed) {
      this.#sweep = setTimeout(() => this.#sweepIdle(), SWEEP_MS).unref();
    }
  }
}
