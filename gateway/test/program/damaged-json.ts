import type { Random } from '../oracle/random.ts';

/** How often something is done to a value, a key or a text. */
export interface Damage {
  /** Legal, but unlike what most servers write: white space, order, escapes, keys that come twice, unknown keys. */
  readonly odd: number;
  /** Legal JSON that does not fit what was asked: nulls, missing fields, wrong kinds, lists of another length. */
  readonly wrong: number;
  /** No JSON: cut off, or with some byte changed. */
  readonly broken: number;
}

const NUMBERS = ['0', '-0', '1.0', '1e3', '12345678901234567890', '-2147483649', '2147483648', '1.10', '1E400', '0.1'];
const OTHERS = [
  ...NUMBERS,
  '"text"',
  '""',
  'true',
  'null',
  '{}',
  '[]',
  '[[]]',
  '{"a":{"b":[1,"]}"]}}',
  '"12"',
  '[null]',
];

/** A JSON text of a value, with what a bad server could do to it. */
export function writeDamaged(value: unknown, random: Random, damage: Damage): Buffer {
  const bytes = Buffer.from(new Writer(random, damage).write(value));
  if (!random.chance(damage.broken)) return bytes;
  const at = random.int(bytes.length + 1);
  if (random.chance(0.5)) return bytes.subarray(0, at);
  // none of these makes the name of one field that of another
  if (at < bytes.length) bytes[at] = random.pick([0, 9, 10, 34, 44, 58, 92, 93, 125, 45, 0x80, 0xc3, 0xff]);
  return bytes;
}

class Writer {
  readonly #random: Random;
  readonly #damage: Damage;
  readonly #space: string;

  constructor(random: Random, damage: Damage) {
    this.#random = random;
    this.#damage = damage;
    this.#space = random.chance(damage.odd * 3) ? random.pick([' ', '\n  ', '\t\r\n']) : '';
  }

  write(value: unknown): string {
    if (this.#random.chance(this.#damage.wrong)) return this.#random.pick(OTHERS);
    if (Array.isArray(value)) return this.#list(value);
    if (typeof value === 'object' && value !== null) return this.#object(Object.entries(value));
    if (typeof value === 'number' && this.#random.chance(this.#damage.wrong)) return this.#random.pick(NUMBERS);
    if (Number.isInteger(value) && this.#random.chance(this.#damage.odd))
      return `${value}${this.#random.pick(['.0', 'e0'])}`;
    return typeof value === 'string' ? this.#string(value) : (JSON.stringify(value) ?? 'null');
  }

  #list(items: readonly unknown[]): string {
    const texts = items.map((item) => this.write(item));
    if (this.#random.chance(this.#damage.wrong)) texts.pop();
    if (this.#random.chance(this.#damage.wrong)) texts.push(this.#random.pick(OTHERS));
    const { length } = this.#space;
    return `[${this.#space}${texts.join(`${this.#space},${this.#space}`)}${length > 0 ? this.#space : ''}]`;
  }

  #object(entries: (readonly [string, unknown])[]): string {
    const random = this.#random;
    const { odd, wrong } = this.#damage;
    const left = [...entries];
    const shuffled = random.chance(odd);
    const fields: string[] = [];
    while (left.length > 0) {
      const [entry] = left.splice(shuffled ? random.int(left.length) : 0, 1);
      if (entry === undefined || random.chance(wrong)) continue;
      const [key, value] = entry;
      // the first of two is the one that does not count
      if (random.chance(odd)) fields.push(this.#field(key, random.pick(OTHERS)));
      fields.push(this.#field(key, this.write(value)));
      if (random.chance(odd)) fields.push(this.#field(random.pick(['unasked', '__proto__', '']), random.pick(OTHERS)));
    }
    return `{${this.#space}${fields.join(`${this.#space},`)}${this.#space}}`;
  }

  #field(key: string, value: string): string {
    return `${this.#string(key)}${this.#space}:${this.#space}${value}`;
  }

  #string(text: string): string {
    const json = JSON.stringify(text);
    if (!this.#random.chance(this.#damage.odd)) return json;
    return json.replace(/[a-z](?![^"\\]*\\)/, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  }
}
