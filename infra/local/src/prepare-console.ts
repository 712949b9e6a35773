import { cp } from 'node:fs/promises';
import { ensureConsole, writeConsoleConfig } from '@weft/console';
import { messageOf } from '@weft/errors';
import type { DataFolder } from './data/data-folder.ts';
import type { DemoIssuer } from './data/demo-issuer.ts';
import { consoleTabs } from './sample-operations.ts';

/** A copy of the built console with this graph's own token in its configuration; false when it could not be made. */
export async function prepareConsole({
  folder,
  issuer,
  onNote,
}: {
  readonly folder: DataFolder;
  /** Without it the page asks as nobody. */
  readonly issuer: DemoIssuer | undefined;
  readonly onNote: (text: string) => void;
}): Promise<boolean> {
  try {
    const { directory } = await ensureConsole({ onProgress: onNote });
    await cp(directory, folder.console, { recursive: true, force: true });
    await writeConsoleConfig(folder.console, {
      endpoint: '/graphql',
      ...(issuer === undefined ? {} : { headers: await headersOf(issuer) }),
      tabs: await consoleTabs(),
    });
    return true;
  } catch (error) {
    // The graph is of use without the page.
    onNote(`No console this time: ${messageOf(error)}`);
    return false;
  }
}

/** Pretty, for a person reads it and puts another token in. */
const headersOf = async (issuer: DemoIssuer): Promise<string> =>
  JSON.stringify({ authorization: `Bearer ${await issuer.token('ada')}` }, undefined, 2);
