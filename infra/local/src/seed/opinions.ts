import type { Random } from './random.ts';

/** What people write, by how content they are. Pieces are combined; no piece has a tab, a line break or a backslash. */
interface Mood {
  readonly titles: readonly string[];
  readonly openings: readonly string[];
}

const DELIGHTED: Mood = {
  titles: [
    'Would buy it again',
    'Better than expected',
    'Exactly what I was looking for',
    'A joy to use',
    'Made to last',
    'Worth every cent',
    'My favourite by far',
    'Solid and beautiful',
  ],
  openings: [
    'I have used it every day since it came.',
    'The workmanship is excellent.',
    'It feels good in the hand and does its job.',
    'My neighbour asked at once where I had got it.',
    'It replaces one that lasted twenty years, and it is better.',
    'I was sceptical at this price and I am not any more.',
  ],
};

const CONTENT: Mood = {
  titles: [
    'Good value',
    'Does what it should',
    'Nearly perfect',
    'Happy with it',
    'A sound choice',
    'Good, with one small flaw',
  ],
  openings: [
    'It does what the description says.',
    'Good quality on the whole.',
    'I am content, though the finish could be finer.',
    'Nothing to complain about after a month.',
    'It took some getting used to, and now I like it.',
  ],
};

const UNDECIDED: Mood = {
  titles: ['It is all right', 'Neither good nor bad', 'Fine for the price', 'Expected a little more', 'Average'],
  openings: [
    'It works, no more and no less.',
    'For occasional use it will do.',
    'The idea is good and the execution is middling.',
    'The pictures promise more than the box holds.',
  ],
};

const DISAPPOINTED: Mood = {
  titles: ['Not for me', 'Sent it back', 'Broke too soon', 'Disappointing', 'Too flimsy', 'Would not buy it again'],
  openings: [
    'It came apart in the second week.',
    'The size given is wrong.',
    'It smells, and airing it did not help.',
    'I sent it back and had to wait for the money.',
    'It looks the part, but it does not hold.',
  ],
};

const MOODS: readonly Mood[] = [DISAPPOINTED, DISAPPOINTED, UNDECIDED, CONTENT, DELIGHTED];

const DETAILS = [
  'The packaging was plain and without plastic.',
  'Delivery took two days.',
  'Delivery took over a week.',
  'It is heavier than it looks.',
  'It is lighter than it looks.',
  'The colour is a little darker than in the picture.',
  'The instructions are short and clear.',
  'The instructions are of no help.',
  'I bought a second one as a present.',
  'Cleaning it is easy.',
  'The edges could be smoother.',
  'My children use it as well.',
  'The old model was a bit larger.',
  'It fits exactly where I wanted it.',
  'You can tell that somebody thought about it.',
  'There is a spare part in the box.',
];

export function title(random: Random, rating: number): string {
  return random.pick((MOODS[rating - 1] ?? UNDECIDED).titles);
}

/** One to four sentences. */
export function body(random: Random, rating: number): string {
  let text = random.pick((MOODS[rating - 1] ?? UNDECIDED).openings);
  const first = random.int(0, DETAILS.length - 1);
  for (let more = random.int(0, 3); more > 0; more--) text += ` ${DETAILS[(first + more * 5) % DETAILS.length]}`;
  return text;
}
