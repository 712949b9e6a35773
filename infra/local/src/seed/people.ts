import { bucketOfText } from '@weft/ids';
import { DEMO_USERNAMES, KIND, type SeedPlan, seedId, userBucket, userId, userMs } from './plan.ts';
import { Random, STREAM } from './random.ts';
import { row, type SeedTable, timestamp } from './table.ts';
import type { Vocabulary } from './vocabulary.ts';

const DEMO_NAMES = ['Ada Lovelace', 'Grace Hopper'];
const LABELS = ['Home', 'Work', 'Parents', 'Allotment'];
/** Countries that goods are sent to, the home market first and most often. */
const COUNTRIES = ['DE', 'DE', 'DE', 'DE', 'AT', 'CH', 'FR', 'NL', 'BE', 'DK', 'PL', 'IT', 'ES', 'SE'];

export interface Person {
  readonly name: string;
  readonly username: string;
}

/** Names repeat, as they do; usernames end in the index and never repeat. */
export function createPeople(plan: SeedPlan, words: Vocabulary) {
  const random = new Random();

  function person(index: number): Person {
    const demo = DEMO_USERNAMES[index];
    if (demo !== undefined) return { name: DEMO_NAMES[index] ?? demo, username: demo };
    random.at(STREAM.account, index);
    const first = random.pick(words.firstNames);
    const last = random.pick(words.lastNames);
    const plain = `${first}.${last}`.toLowerCase().replace(/[^a-z.]/g, '');
    return { name: `${first} ${last}`, username: `${plain}${index}` };
  }

  function* accounts() {
    for (let index = 0; index < plan.users; index++) {
      const { name, username } = person(index);
      const email = `${username}@example.org`;
      yield row(userBucket(index), userId(plan, index), username, name, email, timestamp(userMs(plan, index)));
    }
  }

  /** One to three for each user; the ids follow the user's own, in the user's bucket. */
  function* addresses() {
    const own = new Random();
    for (let index = 0; index < plan.users; index++) {
      const id = userId(plan, index);
      const bucket = userBucket(index);
      own.at(STREAM.address, index);
      const count = DEMO_USERNAMES[index] === undefined ? 1 + Math.floor(own.next() ** 2 * 3) : 2;
      for (let at = 0; at < count; at++) {
        const street = `${own.pick(words.streets)} ${own.int(1, 180)}`;
        const postalCode = String(own.int(10_000, 99_999));
        const addressId = seedId(KIND.address, userMs(plan, index) + 60_000 * (at + 1), bucket, index);
        const label = LABELS[at] ?? 'Other';
        yield row(bucket, addressId, id, label, street, own.pick(words.cities), postalCode, own.pick(COUNTRIES));
      }
    }
  }

  function* lookups() {
    for (let index = 0; index < plan.users; index++) {
      const { username } = person(index);
      yield row(bucketOfText(username), username, userId(plan, index));
    }
  }

  const tables: SeedTable[] = [
    {
      name: 'accounts.account',
      columns: ['id', 'username', 'name', 'email', 'member_since'],
      expected: plan.users,
      rows: accounts,
    },
    {
      name: 'accounts.address',
      columns: ['id', 'user_id', 'label', 'street', 'city', 'postal_code', 'country'],
      expected: plan.users * 1.6,
      rows: addresses,
    },
    { name: 'accounts.username_lookup', columns: ['username', 'user_id'], expected: plan.users, rows: lookups },
  ];
  return { tables, person };
}
