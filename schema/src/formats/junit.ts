import type { Problem } from '../problem.ts';
import type { CheckReport } from '../report.ts';
import { printProblem } from './print-problem.ts';

interface TestCase {
  readonly name: string;
  readonly group: string;
  readonly problems: readonly Problem[];
}

/** JUnit's XML: a case for each known operation, one for the graph itself, and one for each other thing that is wrong. */
export function printJunit({ problems, operations, subgraphs }: CheckReport): string {
  const names = new Set(operations.map(({ name }) => name));
  const ofGraph = problems.filter(({ operation }) => operation === undefined || !names.has(operation));
  const composition = ofGraph.filter(({ rule }) => rule === 'F1' || rule === 'F2');
  const others = ofGraph.filter(({ rule, severity }) => severity === 'error' && rule !== 'F1' && rule !== 'F2');
  const cases: TestCase[] = [
    { name: `${subgraphs.join(', ')} compose and load`, group: 'supergraph', problems: composition },
    ...others.map((problem) => ({
      name: `${problem.code} ${problem.coordinates?.join(' ') ?? ''}`.trim(),
      group: 'exposure',
      problems: [problem],
    })),
    ...[...names].map((name) => ({
      name,
      group: 'operations',
      problems: problems.filter(({ operation }) => operation === name),
    })),
  ];
  const failures = cases.filter(hasError).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="weft check" tests="${cases.length}" failures="${failures}">`,
    `  <testsuite name="weft check" tests="${cases.length}" failures="${failures}" errors="0" skipped="0">`,
    ...cases.flatMap(printCase),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function hasError({ problems }: TestCase): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

function printCase({ name, group, problems }: TestCase): string[] {
  const open = `    <testcase name="${xml(name)}" classname="${group}"`;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  if (errors.length + warnings.length === 0) return [`${open}/>`];
  return [
    `${open}>`,
    ...errors.map(
      (one) => `      <failure type="${one.code}" message="${xml(one.message)}">${xml(printProblem(one))}</failure>`,
    ),
    ...(warnings.length === 0 ? [] : [`      <system-out>${xml(warnings.map(printProblem).join('\n'))}</system-out>`]),
    '    </testcase>',
  ];
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** XML 1.0 has no way to write most control characters, so they are left out. */
function xml(text: string): string {
  const kept = [...text].filter((one) => one >= ' ' || one === '\n' || one === '\t').join('');
  return kept.replace(/[&<>"\n]/g, (one) => ENTITIES[one] ?? one);
}
