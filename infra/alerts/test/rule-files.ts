import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** One alert as Prometheus reads it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
export const ALERTS = fileURLToPath(new URL('../', import.meta.url));

/** `shard-down` for shard-down.yaml and its test file shard-down.test.yaml. */
export const RULE_FILES = readdirSync(ALERTS)
  .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
  .map((name) => name.replace('.yaml', ''));

export function readRules(name: string): AlertRule[] {
  const file = parse(readFileSync(`${ALERTS}${name}.yaml`, 'utf8')) as { groups: { rules: AlertRule[] }[] };
  return file.groups.flatMap((group) => group.rules);
}

/** The metrics that an expression reads: names before `{`, `[` or `)`, of the families that our processes expose. */
export function metricsIn(expression: string): string[] {
  const family = '(?:gateway|subgraph|database|cache|queue|telemetry|nodejs|process)_[a-z0-9_]+';
  const named = expression.match(new RegExp(`\\b${family}(?=[{\\[)\\s]|$)`, 'g')) ?? [];
  return named.map((name) => name.replace(/_(bucket|count|sum)$/, ''));
}
