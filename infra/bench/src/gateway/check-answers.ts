import { createHash } from 'node:crypto';
import { answerDocument } from './answer-document.ts';
import { Connection } from './connection.ts';
import type { RunningContender } from './contenders/contender.ts';
import { assertGood, createRequests } from './requests.ts';
import type { Scenario } from './scenarios.ts';

export interface CheckedAnswers {
  readonly bytes: number;
  /** Of the data with its fields sorted, over all checked requests. */
  readonly hash: string;
  /** The fields stood in the order that the operation asks for, as the specification has it. */
  readonly inOrder: boolean;
}

export const CHECKED = 5;

/** Asks a few requests one after the other and compares with the data that is right by construction. */
export async function checkAnswers(contender: RunningContender, scenario: Scenario): Promise<CheckedAnswers> {
  const connection = new Connection(contender.url);
  const next = createRequests(contender.url, scenario, 0);
  const [right, got] = [createHash('sha256'), createHash('sha256')];
  let inOrder = true;
  let bytes = 0;
  try {
    for (let number = 1; number <= CHECKED; number += 1) {
      const answer = await connection.send(next());
      assertGood(contender.name, answer);
      const { data } = JSON.parse(answer.body.toString()) as { readonly data: unknown };
      const expected = answerDocument(scenario.request(number));
      bytes = answer.body.length;
      if (JSON.stringify(data) !== JSON.stringify(expected)) inOrder = false;
      got.update(JSON.stringify(sorted(data)));
      right.update(JSON.stringify(sorted(expected)));
    }
  } finally {
    connection.close();
  }
  const hash = got.digest('hex');
  if (hash !== right.digest('hex'))
    throw new Error(`${contender.name} answers ${scenario.name} with other data than the subgraphs hold`);
  return { bytes, hash, inOrder };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
