import type { WriteStream } from 'node:tty';

/** Tells a person what is being done. */
export interface Progress {
  /** Runs one step; `tell` says how far it is (`done` from 0 to 1), and what it gives is summed up in its last line. */
  step<T>(
    title: string,
    work: (tell: (text: string, done?: number) => void) => Promise<T>,
    summary?: (result: T) => string,
  ): Promise<T>;
  /** A line that stays. */
  note(text: string): void;
}

type Output = Pick<WriteStream, 'write'> & { readonly isTTY?: boolean; readonly columns?: number };

export const SILENT: Progress = {
  step: (_, work) => work(() => {}),
  note: () => {},
};

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const FRAME_MS = 80;
const BAR_WIDTH = 24;
/** Without a terminal a long step says a line now and then, so that a log shows that it lives. */
const PLAIN_EVERY_MS = 3_000;

export function createProgress(output: Output): Progress {
  return output.isTTY ? inPlace(output) : inLines(output);
}

const seconds = (since: number): string => `${((performance.now() - since) / 1_000).toFixed(1)} s`;
const percent = (done: number): string => `${Math.floor(done * 100)} %`;

function inLines(output: Output): Progress {
  return {
    note: (text) => void output.write(`${text}\n`),
    step: async (title, work, summary) => {
      const began = performance.now();
      let said = began;
      const tell = (text: string, done?: number): void => {
        if (performance.now() - said < PLAIN_EVERY_MS) return;
        said = performance.now();
        output.write(`  ${title}: ${text}${done === undefined ? '' : ` (${percent(done)})`}\n`);
      };
      const result = await work(tell);
      output.write(`✓ ${summary?.(result) ?? title} (${seconds(began)})\n`);
      return result;
    },
  };
}

/** One line at the bottom that moves, and above it what is done. */
function inPlace(output: Output): Progress {
  let line = '';
  let frame = 0;
  const draw = (): void => {
    if (line === '') return;
    frame = (frame + 1) % FRAMES.length;
    output.write(`\r\x1b[2K${FRAMES[frame]} ${line.slice(0, (output.columns || 80) - 3)}`);
  };
  const clear = (): void => void output.write('\r\x1b[2K');
  const note = (text: string): void => {
    clear();
    output.write(`${text}\n`);
    draw();
  };
  return {
    note,
    step: async (title, work, summary) => {
      const began = performance.now();
      line = title;
      const timer = setInterval(draw, FRAME_MS);
      draw();
      try {
        const result = await work((text, done) => {
          line = done === undefined ? `${title}: ${text}` : `${title} ${bar(done)} ${percent(done)} ${text}`;
        });
        line = '';
        note(`✓ ${summary?.(result) ?? title} (${seconds(began)})`);
        return result;
      } finally {
        clearInterval(timer);
        if (line !== '') clear();
        line = '';
      }
    },
  };
}

function bar(done: number): string {
  const full = Math.round(Math.min(1, done) * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}
