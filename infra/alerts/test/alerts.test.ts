import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { environment } from '@weft/config';
import { ERROR_CODES } from '@weft/errors';
import { createTelemetry, METRICS } from '@weft/telemetry';
import { parse } from 'yaml';
import { ALERTS, metricsIn, REPOSITORY, RULE_FILES, readRules } from './rule-files.ts';

/** 5xx codes that are no fault of a running graph: a stop that was asked for, and files that are refused at start. */
const NOT_A_FAILURE = ['SHUTTING_DOWN', 'SUPERGRAPH_INVALID', 'CONFIG_INVALID'];

function promtool(...parameters: string[]): string {
  return execFileSync('promtool', parameters, { cwd: ALERTS, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function hasPromtool(): boolean {
  try {
    promtool('--version');
    return true;
  } catch (error) {
    if (environment().WEFT_REQUIRE_TOOLS === '1')
      throw new Error('promtool is required and not there', { cause: error });
    return false;
  }
}

const withPromtool = hasPromtool() ? test : test.skip;
if (withPromtool === test.skip)
  console.warn('SKIPPED: promtool is not installed (Debian: prometheus), so alert rules were not evaluated.');

withPromtool('Prometheus accepts every rule and the example configuration', () => {
  expect(promtool('check', 'rules', ...RULE_FILES.map((name) => `${name}.yaml`))).not.toContain('FAILED');
  expect(promtool('check', 'config', '../telemetry/prometheus.yaml')).toContain('SUCCESS');
});

withPromtool.each(RULE_FILES)('%s fires when it should, and only then', (name) => {
  expect(promtool('test', 'rules', `${name}.test.yaml`)).toContain('SUCCESS');
});

test('six alerts: latency, errors, saturation, a shard down, a replica behind, work that was given up', () => {
  const alerts = RULE_FILES.flatMap((name) => readRules(name).map((rule) => rule.alert));
  expect([...new Set(alerts)].sort()).toEqual([
    'DeadLetters',
    'GatewayFailing',
    'GatewaySlow',
    'ProcessSaturated',
    'ReplicaBehind',
    'ShardDown',
  ]);
  const loaded = parse(readFileSync(`${REPOSITORY}infra/telemetry/prometheus.yaml`, 'utf8')).rule_files;
  expect([...loaded].sort()).toEqual(RULE_FILES.map((name) => `../alerts/${name}.yaml`).sort());
});

test.each(RULE_FILES)('%s is called after its alert, is tested both ways and has a runbook of its own', (name) => {
  const cases = parse(readFileSync(`${ALERTS}${name}.test.yaml`, 'utf8')).tests as {
    alert_rule_test: { exp_alerts: unknown[] }[];
  }[];
  const expected = cases.flatMap((each) => each.alert_rule_test.map(({ exp_alerts }) => exp_alerts.length));
  expect(expected.filter((alerts) => alerts > 0).length).toBeGreaterThan(0);
  expect(
    cases.filter((each) => each.alert_rule_test.every(({ exp_alerts }) => exp_alerts.length === 0)).length,
  ).toBeGreaterThan(0);
  for (const { alert, annotations } of readRules(name)) {
    expect(alert.replace(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase()).toBe(name);
    expect(annotations.runbook).toBe(`docs/runbooks/${name}.md`);
    expect(existsSync(`${REPOSITORY}${annotations.runbook}`)).toBe(true);
  }
});

test('alerts read metrics that our processes have', async () => {
  const telemetry = createTelemetry({ service: 'alerts-test', logLevel: 'silent' });
  const text = await telemetry.metricsText();
  await telemetry.stop();
  for (const name of RULE_FILES)
    for (const { alert, expr } of readRules(name)) {
      const metrics = metricsIn(expr);
      expect([alert, metrics.length > 0]).toEqual([alert, true]);
      const unknown = metrics.filter((metric) => !(metric in METRICS) && !text.includes(`# TYPE ${metric} `));
      expect([alert, unknown]).toEqual([alert, []]);
    }
});

test('GatewayFailing counts every code that is ours to prevent', () => {
  const [rule] = readRules('gateway-failing');
  const counted = /code=~"([A-Z_|]+)"/.exec(rule?.expr ?? '')?.[1]?.split('|');
  const ours = Object.entries(ERROR_CODES)
    .filter(([code, { status }]) => status >= 500 && !NOT_A_FAILURE.includes(code))
    .map(([code]) => code);
  expect(counted?.sort()).toEqual(ours.sort());
});
