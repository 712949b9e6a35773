import type { BenchProcess } from '../start-process.ts';
import type { SubgraphAddresses } from '../subgraphs.ts';

/** What every gateway under test is given. */
export interface ContenderSettings {
  /** A folder of this run: configuration files and logs. */
  readonly directory: string;
  readonly supergraphFile: string;
  readonly subgraphs: SubgraphAddresses;
  /** Equal requests in flight may be answered once, where the gateway has such an option. */
  readonly dedupe: boolean;
  readonly core: number;
  /** `engine:` of our gateway; undefined: the one it ships with. */
  readonly engine: string | undefined;
  /** YAML that is added to our gateway's file. */
  readonly extraConfig: string;
  /** Flags for the Node that runs our gateway. */
  readonly nodeFlags: readonly string[];
}

export interface Contender {
  readonly name: string;
  /** For the table. */
  readonly title: string;
  /** Its packages are those of rivals/. */
  readonly isInstalled: boolean;
  start(settings: ContenderSettings): Promise<RunningContender>;
}

export interface RunningContender {
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly process: BenchProcess;
}

/** True when a gateway answers an operation without subgraphs. */
export async function answersTypename(url: string): Promise<boolean> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  const { data } = (await response.json()) as { data?: { __typename?: string } };
  return data?.__typename === 'Query';
}
