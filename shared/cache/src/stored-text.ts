/** A text with the moment when it ends. */
export interface StoredText {
  readonly text: string;
  readonly expiresMs: number;
}

const FORM = /^weft1:([0-9a-z]{1,11}):([0-9a-z]{1,8}):/;

/** As it lies in Redis: a mark, the end, the length, the text. What does not fit its own head is rubbish. */
export function pack({ text, expiresMs }: StoredText): string {
  return `weft1:${Math.ceil(expiresMs).toString(36)}:${text.length.toString(36)}:${text}`;
}

/** Undefined for anything that `pack` did not make, or that was cut or changed in length. */
export function unpack(stored: unknown): StoredText | undefined {
  const head = typeof stored === 'string' ? FORM.exec(stored) : null;
  if (head === null) return undefined;
  const [mark, expires = '', length = ''] = head;
  const text = (stored as string).slice(mark.length);
  return text.length === Number.parseInt(length, 36) ? { text, expiresMs: Number.parseInt(expires, 36) } : undefined;
}
