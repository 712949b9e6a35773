import { UserError } from '@weft/errors';
import { accountFor } from '../account.ts';
import type { LocalGraph } from '../local-graph.ts';
import { readOperation, STOREFRONT } from '../sample-operations.ts';

/** Runs the sample operation over all five subgraphs as ada; gives the answer as text and one line on what it took. */
export async function runOnce(graph: LocalGraph): Promise<{ readonly answer: string; readonly account: string }> {
  const query = await readOperation(STOREFRONT);
  const authorization = `Bearer ${await graph.token('ada')}`;
  const { result, account } = await accountFor(graph, async () => {
    const response = await fetch(graph.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as { readonly data?: unknown; readonly errors?: unknown };
  });
  const answer = JSON.stringify(result, undefined, 2);
  if (!result.data || result.errors) {
    throw new UserError(`The sample operation failed:\n${answer}\nLogs: ${graph.directory}/logs`, { exitCode: 1 });
  }
  const { fetches, statements, shards, ms } = account;
  return { answer, account: `${fetches} fetches, ${statements} statements, ${shards.length} shards touched, ${ms} ms` };
}
