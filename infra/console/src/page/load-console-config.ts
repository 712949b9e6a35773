import type { ConsoleConfig } from '../console-config.ts';

const PLAIN: ConsoleConfig = { endpoint: '/graphql', tabs: [{ query: '{\n  __typename\n}\n' }] };

/** What the start of the graph wrote beside this page; a page that is served without it still works. */
export async function loadConsoleConfig(): Promise<ConsoleConfig> {
  const answer = await fetch(`${import.meta.env.BASE_URL}config.json`, { cache: 'no-store' });
  return answer.ok ? { ...PLAIN, ...((await answer.json()) as Partial<ConsoleConfig>) } : PLAIN;
}
