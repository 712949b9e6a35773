import { GraphError } from '@weft/errors';
import type { Money } from '@weft/subgraph';

export type ParcelClass = 'LETTER' | 'PARCEL' | 'BULKY' | 'HAZARDOUS';

/** What it costs to send there, in cents: a base and a part for each begun kilogram. */
interface Zone {
  readonly baseMinor: number;
  readonly perKilogramMinor: number;
  /** Working days on the road. */
  readonly days: number;
}

const HOME: Zone = { baseMinor: 390, perKilogramMinor: 50, days: 2 };
const NEAR: Zone = { baseMinor: 690, perKilogramMinor: 120, days: 4 };
const FAR: Zone = { baseMinor: 1490, perKilogramMinor: 350, days: 7 };

/** Where we ship to. A country that is not here is one we do not ship to. */
const ZONES: ReadonlyMap<string, Zone> = new Map([
  ['DE', HOME],
  ...['AT', 'BE', 'CZ', 'DK', 'FR', 'LU', 'NL', 'PL'].map((country) => [country, NEAR] as const),
  ...['CH', 'ES', 'FI', 'GB', 'IE', 'IT', 'NO', 'PT', 'SE'].map((country) => [country, FAR] as const),
]);

/** The rates are in this currency; goods priced in another one have no estimate. */
const CURRENCY = 'EUR';
const FREE_FROM_MINOR = 100_00n;

/** Working days on top of the road: larger parcels leave once a day, hazardous ones on a van of their own. */
const EXTRA_DAYS: Readonly<Record<ParcelClass, number>> = { LETTER: 0, PARCEL: 0, BULKY: 2, HAZARDOUS: 3 };

/** What the shipping of one item costs; null where we do not ship. Throws BAD_USER_INPUT for what is not a country code. */
export function shippingCost(item: { price: Money; weightGrams: number }, country: string): Money | null {
  const zone = zoneOf(country);
  if (zone === undefined || item.price.currency !== CURRENCY) return null;
  if (item.price.amountMinor >= FREE_FROM_MINOR) return { amountMinor: 0n, currency: CURRENCY };
  const kilograms = Math.ceil(item.weightGrams / 1_000);
  return { amountMinor: BigInt(zone.baseMinor + kilograms * zone.perKilogramMinor), currency: CURRENCY };
}

/** Working days until the parcel arrives; null where we do not ship. Throws BAD_USER_INPUT like shippingCost. */
export function deliveryDays(parcelClass: ParcelClass, country: string): number | null {
  const zone = zoneOf(country);
  return zone === undefined ? null : zone.days + EXTRA_DAYS[parcelClass];
}

function zoneOf(country: string): Zone | undefined {
  if (!/^[A-Z]{2}$/.test(country)) {
    throw new GraphError('BAD_USER_INPUT', 'A country is two capital letters of ISO 3166-1, like DE.');
  }
  return ZONES.get(country);
}
