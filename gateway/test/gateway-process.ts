import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

const children: ChildProcess[] = [];

/** A gateway as a process of its own, on a free port; it knows no variable but these. */
export function startProcess(environment: Record<string, string>, args: readonly string[] = []) {
  const child = fork(MAIN, [...args], {
    execArgv: ['--conditions=weft-source', '--disable-warning=ExperimentalWarning'],
    env: { PATH: '/usr/bin:/bin', WEFT_PORT: '0', WEFT_LOG_LEVEL: 'warn', WEFT_UNSIGNED: 'true', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  // with all it wrote; workers hold the same pipe
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const listening = once(child, 'message').then(([message]) => (message as { readonly url: string }).url);
  return { child, pid: child.pid as number, exited, listening, output: () => output };
}

/** Of every process that was started in this file. */
export function killProcesses(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
}
