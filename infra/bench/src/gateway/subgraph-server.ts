import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AnswerShape } from './canned-answers.ts';
import { type BenchProcess, startProcess } from './start-process.ts';
import type { AskedRequest, SubgraphAddresses } from './subgraphs.ts';

interface Counts {
  readonly requests: number;
  /** Requests that came without the client's authorization. */
  readonly anonymous: number;
  readonly recorded: readonly AskedRequest[];
}

export interface SubgraphServer {
  readonly urls: SubgraphAddresses;
  readonly process: BenchProcess;
  /** Runs `work` and gives the requests that subgraphs got meanwhile. */
  record(
    work: () => Promise<void>,
  ): Promise<{ readonly requests: readonly AskedRequest[]; readonly anonymous: number }>;
}

const PROGRAM = fileURLToPath(new URL('./canned-subgraphs.ts', import.meta.url));

export async function startSubgraphServer(
  directory: string,
  { shape, core }: { readonly shape: AnswerShape; readonly core: number },
): Promise<SubgraphServer> {
  const started = await startProcess({
    name: 'subgraphs',
    command: [process.execPath, '--conditions=weft-source', '--disable-warning=ExperimentalWarning', PROGRAM],
    environment: { BENCH_SHAPE: shape },
    directory,
    core,
  });
  const tell = async (word: 'record' | 'count'): Promise<Counts> => {
    const answer = once(started.child, 'message');
    started.child.send(word);
    return ((await answer) as [Counts])[0];
  };
  return {
    urls: (started.greeting as { readonly urls: SubgraphAddresses }).urls,
    process: started,
    async record(work) {
      const before = await tell('record');
      await work();
      const after = await tell('count');
      return { requests: after.recorded, anonymous: after.anonymous - before.anonymous };
    },
  };
}
