import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from '@weft/config';

/** What one command took, all its threads and children with it. */
export interface Taken {
  readonly cpuSeconds: number;
  /** Of the process itself. */
  readonly peakMiB: number;
  readonly exitCode: number | null;
  readonly out: string;
}

const REPORT = join(tmpdir(), `weft-bench-${process.pid}.json`);
const AT_EXIT =
  'data:text/javascript,import{writeFileSync}from"node:fs";import{isMainThread}from"node:worker_threads";' +
  'if(isMainThread)process.on("exit",()=>{const{userCPUTime:u,systemCPUTime:s,maxRSS:r}=process.resourceUsage();' +
  `writeFileSync(${JSON.stringify(REPORT)},JSON.stringify({cpu:(u+s)/1e6,rss:r/1024}))})`;

/** Runs a program for Node to its end; the kernel's figures are read in it, as the last thing it does. */
export async function runCommand(script: string, args: readonly string[], directory: string): Promise<Taken> {
  rmSync(REPORT, { force: true });
  const child = spawn(process.execPath, ['--import', AT_EXIT, script, ...args], {
    cwd: directory,
    env: { ...environment(), NO_COLOR: '1', HIVE_NO_TELEMETRY: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const { cpu, rss } = JSON.parse(readFileSync(REPORT, 'utf8')) as { readonly cpu: number; readonly rss: number };
  rmSync(REPORT, { force: true });
  return { cpuSeconds: cpu, peakMiB: Math.round(rss), exitCode, out };
}
