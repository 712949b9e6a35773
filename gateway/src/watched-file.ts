import { type FSWatcher, watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

export interface WatchedFile {
  /** Looks now; resolves when a change, if there is one, has been dealt with. */
  look(): Promise<void>;
  stop(): void;
}

export interface WatchOptions {
  readonly file: string;
  readonly pollMs: number;
  /** The text that was dealt with already. */
  readonly first: string;
  /** Called with one text at a time, never with the same twice in a row. What it throws is its own business. */
  readonly onText: (text: string) => Promise<void>;
  readonly onUnreadable: (error: unknown) => void;
}

/**
 * Watches one file by its content. The folder is watched, not the file, so that a file that is replaced by renaming stays
 * watched; the poll is for file systems that give no notice.
 */
export function watchFile(options: WatchOptions): WatchedFile {
  const { file } = options;
  let known = options.first;
  let mark = '';
  let unreadable = false;
  let running = Promise.resolve();

  const lookOnce = async (): Promise<void> => {
    try {
      const { mtimeMs, size, ino } = await stat(file);
      const seen = `${mtimeMs}:${size}:${ino}`;
      if (seen === mark) return;
      const text = await readFile(file, 'utf8');
      mark = seen;
      unreadable = false;
      if (text === known) return;
      known = text;
      await options.onText(text);
    } catch (error) {
      if (!unreadable) options.onUnreadable(error);
      unreadable = true;
      mark = '';
    }
  };
  const look = (): Promise<void> => {
    running = running.then(lookOnce);
    return running;
  };

  const timer = setInterval(() => void look(), options.pollMs);
  timer.unref();
  const watcher = watchFolder(file, () => void look());
  return {
    look,
    stop() {
      clearInterval(timer);
      watcher?.close();
    },
  };
}

function watchFolder(file: string, onChange: () => void): FSWatcher | undefined {
  try {
    const name = basename(file);
    const watcher = watch(dirname(file), { persistent: false }, (_event, changed) => {
      if (changed === null || changed === name) onChange();
    });
    watcher.on('error', () => watcher.close()); // the poll goes on
    return watcher;
  } catch {
    return undefined; // no notices here (inotify used up, network file system): the poll serves
  }
}
