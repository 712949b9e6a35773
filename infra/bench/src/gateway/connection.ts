import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');
const EMPTY = Buffer.alloc(0);

/**
 * One keep-alive connection of a client, one request at a time. Own code over net, because a full client costs more CPU
 * than the fastest gateways and would be what is measured on a small machine.
 */
export class Connection {
  readonly #socket: Socket;
  #parts: Buffer[] = [];
  #bytes = 0;
  /** Known when the head is there: the length of the whole answer, or -1 for one in chunks. */
  #expected = 0;
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the gateway closed the connection')));
  }

  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the connection is closed'));
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
    if (this.#expected === 0) {
      const all = this.#joined();
      const end = all.indexOf(HEAD_END);
      if (end < 0) return;
      const length = /\r\ncontent-length: *(\d+)/i.exec(all.toString('latin1', 0, end))?.[1];
      this.#expected = length === undefined ? -1 : end + HEAD_END.length + Number(length);
    }
    if (this.#expected > 0) {
      if (this.#bytes >= this.#expected) this.#finish(this.#joined());
    } else if (chunk.length >= LAST_CHUNK.length ? endsWith(chunk) : endsWith(this.#joined())) {
      this.#finish(this.#joined());
    }
  }

  #joined(): Buffer {
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts, this.#bytes)];
    return this.#parts[0] ?? EMPTY;
  }

  #finish(all: Buffer): void {
    const end = all.indexOf(HEAD_END);
    const raw = all.subarray(end + HEAD_END.length);
    const answer = {
      status: Number(all.toString('latin1', 9, 12)),
      body: this.#expected > 0 ? raw : withoutChunks(raw),
    };
    this.#parts = [];
    this.#bytes = 0;
    this.#expected = 0;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(answer);
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
  }
}

/** JSON has no CR LF inside, so this can only be the end. */
const endsWith = (bytes: Buffer): boolean => bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);

function withoutChunks(raw: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = raw.indexOf('\r\n', at);
    const size = Number.parseInt(raw.toString('latin1', at, line), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(raw.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
