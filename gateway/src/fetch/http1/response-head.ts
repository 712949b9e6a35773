/** Longest head of an answer, with everything that is read as one: interim answers before it, chunk sizes and trailers behind it. */
export const MOST_HEAD_BYTES = 16_384;

/** What came is not HTTP, or not HTTP that has one meaning only. The message is for the log. */
export class BadResponse extends Error {
  override readonly name = 'BadResponse';
}

const CR = 13;
const LF = 10;
const COLON = 58;

/** 1: may be in the name of a header; 2: may be in its value; 3: both. RFC 9110, 5.5 and 5.6.2. */
const CHARACTERS = new Uint8Array(256);
CHARACTERS[9] = 2;
for (let code = 32; code < 256; code += 1) if (code !== 127) CHARACTERS[code] = 2;
for (const character of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
  CHARACTERS[character.charCodeAt(0)] = 3;
}

const START = Buffer.from('HTTP/1.');
const CONNECTION = Buffer.from('connection');
const KEEP_ALIVE = Buffer.from('keep-alive');
const CONTENT_TYPE = Buffer.from('content-type');
const CACHE_CONTROL = Buffer.from('cache-control');
const CONTENT_LENGTH = Buffer.from('content-length');
const CONTENT_ENCODING = Buffer.from('content-encoding');
const WRITE_TOKEN = Buffer.from('weft-write-token');
const TRANSFER_ENCODING = Buffer.from('transfer-encoding');

/** The head of an answer, as far as a gateway reads it. One object serves all answers of a connection. */
export class ResponseHead {
  status = 0;
  /** `1` of HTTP/1.1. */
  minor = 1;
  /** -1: none was given. */
  contentLength = -1;
  connection: string | undefined;
  /** The `keep-alive` header: "timeout=5". */
  keepAlive: string | undefined;
  contentType: string | undefined;
  contentEncoding: string | undefined;
  cacheControl: string | undefined;
  transferEncoding: string | undefined;
  /** Of our own subgraphs, when the request wrote something. */
  writeToken: string | undefined;

  /**
   * Reads [start, end) of `bytes`, which ends with the empty line.
   *
   * @throws BadResponse
   */
  read(bytes: Buffer, start: number, end: number): void {
    this.#clear();
    let at = this.#readStatusLine(bytes, start);
    while (at < end - 2) at = this.#readLine(bytes, at);
    if (bytes[at] !== CR || bytes[at + 1] !== LF) throw new BadResponse('a line break that is none');
    if (this.transferEncoding === undefined) return;
    // who reads the one and who reads the other see two different answers (RFC 9112, 6.3)
    if (this.contentLength !== -1) throw new BadResponse('both content-length and transfer-encoding');
    if (this.minor === 0) throw new BadResponse('transfer-encoding in HTTP/1.0');
    if (this.transferEncoding.toLowerCase() !== 'chunked') throw new BadResponse('an unknown transfer-encoding');
  }

  /** True when another request may follow on the connection, as far as the head says. */
  get persists(): boolean {
    if (this.connection === undefined) return this.minor === 1;
    if (this.connection === 'keep-alive') return true; // as nearly every answer says it
    const options = this.connection.toLowerCase().split(',');
    if (options.some((option) => option.trim() === 'close')) return false;
    return this.minor === 1 || options.some((option) => option.trim() === 'keep-alive');
  }

  #clear(): void {
    this.contentLength = -1;
    this.connection = this.keepAlive = this.contentType = this.contentEncoding = undefined;
    this.cacheControl = this.transferEncoding = this.writeToken = undefined;
  }

  #readStatusLine(bytes: Buffer, start: number): number {
    for (let i = 0; i < START.length; i += 1) if (bytes[start + i] !== START[i]) throw new BadResponse('not HTTP/1');
    const minor = digit(bytes[start + 7]);
    const [hundreds, tens, ones] = [digit(bytes[start + 9]), digit(bytes[start + 10]), digit(bytes[start + 11])];
    if (bytes[start + 8] !== 32 || minor > 1 || hundreds === 0) throw new BadResponse('a broken status line');
    this.minor = minor;
    this.status = hundreds * 100 + tens * 10 + ones;
    let at = start + 12;
    if (bytes[at] !== 32 && bytes[at] !== CR) throw new BadResponse('a broken status line');
    while ((CHARACTERS[bytes[at] as number] as number) >= 2) at += 1;
    return afterBreak(bytes, at);
  }

  #readLine(bytes: Buffer, start: number): number {
    let colon = start;
    while (CHARACTERS[bytes[colon] as number] === 3) colon += 1;
    // a line that begins with a space went on with the one before, once; a space before the colon hides a header
    if (colon === start || bytes[colon] !== COLON) throw new BadResponse('a header without a name');
    let end = colon + 1;
    while ((CHARACTERS[bytes[end] as number] as number) >= 2) end += 1;
    this.#take(bytes, start, colon, end);
    return afterBreak(bytes, end);
  }

  #take(bytes: Buffer, start: number, colon: number, end: number): void {
    switch (colon - start) {
      case 10:
        if (isName(bytes, start, CONNECTION)) this.connection = joined(this.connection, bytes, colon, end);
        else if (isName(bytes, start, KEEP_ALIVE)) this.keepAlive = valueBetween(bytes, colon, end);
        break;
      case 12:
        if (isName(bytes, start, CONTENT_TYPE)) this.contentType = joined(this.contentType, bytes, colon, end);
        break;
      case 13:
        if (isName(bytes, start, CACHE_CONTROL)) this.cacheControl = joined(this.cacheControl, bytes, colon, end);
        break;
      case 14:
        if (isName(bytes, start, CONTENT_LENGTH)) this.#takeLength(valueBetween(bytes, colon, end));
        break;
      case 16:
        if (isName(bytes, start, CONTENT_ENCODING)) {
          this.contentEncoding = joined(this.contentEncoding, bytes, colon, end);
        } else if (isName(bytes, start, WRITE_TOKEN)) this.writeToken = valueBetween(bytes, colon, end);
        break;
      case 17:
        if (isName(bytes, start, TRANSFER_ENCODING)) {
          this.transferEncoding = joined(this.transferEncoding, bytes, colon, end);
        }
        break;
      default:
    }
  }

  #takeLength(value: string): void {
    if (this.contentLength !== -1) throw new BadResponse('two content-lengths');
    if (!/^\d{1,15}$/.test(value)) throw new BadResponse('a content-length that is no number');
    this.contentLength = Number(value);
  }
}

function digit(code: number | undefined): number {
  const value = (code ?? 0) - 48;
  if (value < 0 || value > 9) throw new BadResponse('a broken status line');
  return value;
}

function afterBreak(bytes: Buffer, at: number): number {
  if (bytes[at] !== CR || bytes[at + 1] !== LF) throw new BadResponse('a character that no header may have');
  return at + 2;
}

/** Both have the same length; the bytes are characters of a name, so that setting one bit makes letters lower case. */
function isName(bytes: Buffer, start: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i += 1) if (((bytes[start + i] as number) | 32) !== name[i]) return false;
  return true;
}

function valueBetween(bytes: Buffer, colon: number, end: number): string {
  let from = colon + 1;
  let to = end;
  while (from < to && isBlank(bytes[from])) from += 1;
  while (to > from && isBlank(bytes[to - 1])) to -= 1;
  return bytes.toString('latin1', from, to);
}

function isBlank(code: number | undefined): boolean {
  return code === 32 || code === 9;
}

function joined(before: string | undefined, bytes: Buffer, colon: number, end: number): string {
  const value = valueBetween(bytes, colon, end);
  return before === undefined ? value : `${before}, ${value}`;
}
