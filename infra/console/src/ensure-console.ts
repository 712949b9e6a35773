import { fork } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONSOLE_CSP } from './console-csp.ts';
import { fingerprintInputs } from './fingerprint-inputs.ts';

export interface BuiltConsole {
  /** Holds index.html and, to be served below /console/, its assets. */
  readonly directory: string;
  readonly csp: string;
}

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FINGERPRINT_FILE = '.inputs';

/** The console, built when it is missing or when what it is made of has changed (some seconds, once). */
export async function ensureConsole({
  onProgress,
  directory = join(ROOT, 'dist', 'site'),
}: {
  onProgress?: (line: string) => void;
  directory?: string;
} = {}): Promise<BuiltConsole> {
  const fingerprint = await fingerprintInputs(ROOT);
  if ((await builtFrom(directory)) !== fingerprint) {
    onProgress?.('building the console (GraphiQL), once');
    const started = performance.now();
    await buildAside(directory, fingerprint);
    onProgress?.(`console built in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  }
  return { directory, csp: CONSOLE_CSP };
}

async function builtFrom(directory: string): Promise<string | undefined> {
  return readFile(join(directory, FINGERPRINT_FILE), 'utf8').catch(() => undefined);
}

/** Builds beside the place and then changes the folders over, so that nobody ever serves half a console. */
async function buildAside(directory: string, fingerprint: string): Promise<void> {
  const next = `${directory}.new-${process.pid}`;
  const old = `${directory}.old-${process.pid}`;
  try {
    await runBuild(next);
    await writeFile(join(next, FINGERPRINT_FILE), fingerprint);
    await rename(directory, old).catch(ignoreMissing);
    await rename(next, directory);
  } catch (error) {
    // two starts at once: whoever was first has built the same
    if ((await builtFrom(directory)) !== fingerprint) throw error;
  } finally {
    await Promise.all([next, old].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/** In a process of its own: the bundler's memory is then gone with it. */
function runBuild(outDirectory: string): Promise<void> {
  const script = fileURLToPath(new URL(`./build-console${extname(import.meta.url)}`, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = fork(script, [join(ROOT, 'src', 'page'), outDirectory], {
      execArgv: ['--conditions=weft-source', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text: Buffer) => {
        output = (output + text).slice(-4_000);
      });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`the console could not be built (exit ${code}):\n${output}`)),
    );
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
