import { GraphError } from '@weft/errors';
import { GraphQLScalarType, Kind } from 'graphql';

/** An amount in the smallest unit of its currency: 12.90 EUR is `{ amountMinor: 1290n, currency: 'EUR' }`. */
export interface Money {
  readonly amountMinor: bigint;
  /** ISO 4217, three capital letters. */
  readonly currency: string;
}

/** ISO 4217 currencies whose smallest unit is not the hundredth. Every other has two digits. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
]);

const MONEY = /^(-?)(0|[1-9]\d{0,15})(?:\.(\d{1,3}))? ([A-Z]{3})$/;

/** `12.90 EUR` -> minor units. Throws BAD_USER_INPUT for any other form, or for more or fewer digits than the currency has. */
export function parseMoney(text: unknown): Money {
  const match = typeof text === 'string' ? MONEY.exec(text) : null;
  if (match === null) throw malformed('it is an amount, a space and a currency, like 12.90 EUR');
  const [, sign = '', whole = '', fraction = '', currency = ''] = match;
  const digits = DIGITS.get(currency) ?? 2;
  if (fraction.length !== digits) throw malformed(`${currency} has ${digits} digits after the point`);
  const amount = BigInt(whole + fraction);
  return { amountMinor: sign === '' ? amount : -amount, currency };
}

/** Minor units -> `12.90 EUR`. `amountMinor` may be the text of a bigint column. */
export function formatMoney(amountMinor: bigint | number | string, currency: string): string {
  const digits = DIGITS.get(currency) ?? 2;
  const text = String(amountMinor);
  if (digits === 0) return `${text} ${currency}`;
  const negative = text.startsWith('-');
  const padded = (negative ? text.slice(1) : text).padStart(digits + 1, '0');
  const point = padded.length - digits;
  return `${negative ? '-' : ''}${padded.slice(0, point)}.${padded.slice(point)} ${currency}`;
}

function malformed(reason: string): GraphError {
  return new GraphError('BAD_USER_INPUT', `Money is malformed: ${reason}.`);
}

/** What a resolver may give: minor units as they come from a bigint column are text. */
interface MoneyValue {
  readonly amountMinor: bigint | number | string;
  readonly currency: string;
}

function isMoney(value: unknown): value is MoneyValue {
  return typeof value === 'object' && value !== null && 'amountMinor' in value && 'currency' in value;
}

/** Inside the process Money is `{ amountMinor, currency }`; on the wire it is text. */
export const moneyScalar = new GraphQLScalarType<Money, string>({
  name: 'Money',
  serialize(value) {
    if (!isMoney(value))
      throw new TypeError('A Money field resolved to something that is not { amountMinor, currency }.');
    return formatMoney(value.amountMinor, value.currency);
  },
  parseValue: parseMoney,
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw malformed('it is a string, like "12.90 EUR"');
    return parseMoney(node.value);
  },
});
