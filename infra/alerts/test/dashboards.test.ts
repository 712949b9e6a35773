import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { createTelemetry, METRICS } from '@weft/telemetry';
import { metricsIn, REPOSITORY } from './rule-files.ts';

const DASHBOARDS = `${REPOSITORY}infra/dashboards/`;

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const dashboards = readdirSync(DASHBOARDS).map((name) => ({
  name,
  content: JSON.parse(readFileSync(`${DASHBOARDS}${name}`, 'utf8')) as { uid: string; panels: Panel[] },
}));

test('one dashboard for each kind of process', () => {
  expect(dashboards.map(({ name }) => name)).toEqual(['gateway.json', 'subgraph.json', 'worker.json']);
  expect(new Set(dashboards.map(({ content }) => content.uid)).size).toBe(dashboards.length);
});

test.each(dashboards)('every panel of $name asks for metrics that exist', async ({ content }) => {
  const telemetry = createTelemetry({ service: 'dashboards-test', logLevel: 'silent' });
  const text = await telemetry.metricsText();
  await telemetry.stop();
  for (const panel of content.panels.filter(({ type }) => type !== 'row')) {
    const metrics = (panel.targets ?? []).flatMap(({ expr }) => metricsIn(expr));
    expect([panel.title, metrics.length > 0]).toEqual([panel.title, true]);
    const unknown = metrics.filter((metric) => !(metric in METRICS) && !text.includes(`# TYPE ${metric} `));
    expect([panel.title, unknown]).toEqual([panel.title, []]);
  }
});

test.each(dashboards)('no panel of $name covers another', ({ content }) => {
  const taken = new Set<string>();
  for (const { title, gridPos } of content.panels)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect([title, taken.has(`${x},${y}`), x < 24]).toEqual([title, false, true]);
        taken.add(`${x},${y}`);
      }
});

test('every metric of the table is on a dashboard', () => {
  const shown = new Set(
    dashboards.flatMap(({ content }) =>
      content.panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricsIn(expr))),
    ),
  );
  expect(Object.keys(METRICS).filter((metric) => !shown.has(metric))).toEqual([]);
});
