import { readdirSync, readFileSync } from 'node:fs';

/** CPU and memory of one process and everything it started, as the kernel counts them. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

/** Linux counts CPU in ticks of 1/100 s on every platform that Node runs on (USER_HZ). */
const TICKS_PER_SECOND = 100;

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly usage: Usage;
}

/** One process of /proc, or undefined when it ended meanwhile. */
function readRow(pid: number): Row | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name is in brackets and may hold spaces; the fields after it are fixed.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const smaps = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    // Proportional: pages that Postgres processes share are counted once over all of them.
    const pss = /^Pss:\s+(\d+) kB/m.exec(smaps)?.[1] ?? '0';
    // utime + stime + the same of children that have ended.
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return {
      pid,
      parent: Number(fields[1]),
      usage: { cpuSeconds: ticks / TICKS_PER_SECOND, rssBytes: Number(pss) * 1024 },
    };
  } catch {
    return undefined;
  }
}

/** Usage of the process tree below `pid`. Linux only. */
export function treeUsage(pid: number): Usage {
  const rows = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readRow(Number(name)))
    .filter((row) => row !== undefined);
  const wanted = new Set([pid]);
  for (let before = 0; before !== wanted.size; ) {
    before = wanted.size;
    for (const row of rows) if (wanted.has(row.parent)) wanted.add(row.pid);
  }
  return rows
    .filter((row) => wanted.has(row.pid))
    .reduce(
      (sum, row) => ({
        cpuSeconds: sum.cpuSeconds + row.usage.cpuSeconds,
        rssBytes: sum.rssBytes + row.usage.rssBytes,
      }),
      { cpuSeconds: 0, rssBytes: 0 },
    );
}
