import type { Problem } from '../problem.ts';
import type { CheckReport } from '../report.ts';

/** SARIF 2.1.0, as code scanning reads it. What was approved is there, suppressed. */
export function printSarif({ problems, result }: CheckReport): string {
  const codes = [...new Set(problems.map(({ code }) => code))];
  const run = {
    tool: {
      driver: {
        name: 'weft check',
        rules: codes.map((id) => ({ id, shortDescription: { text: `weft explain ${id}` } })),
      },
    },
    invocations: [{ executionSuccessful: true, exitCode: result === 'pass' ? 0 : 1 }],
    originalUriBaseIds: { SRCROOT: { description: { text: 'Where the check ran.' } } },
    results: problems.map((problem) => resultOf(problem, codes.indexOf(problem.code))),
  };
  return JSON.stringify(
    { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] },
    null,
    2,
  );
}

function resultOf(problem: Problem, ruleIndex: number) {
  const { code, severity, message, operation, details = [], places, coordinates = [], fingerprint, approved } = problem;
  const text = [operation === undefined ? message : `${operation}: ${message}`, ...details].join('\n');
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text },
    locations: places.slice(0, 1).map((place) => ({ ...locationOf(place), logicalLocations: logical(coordinates) })),
    relatedLocations: places.slice(1).map((place, id) => ({ id, ...locationOf(place) })),
    partialFingerprints: { 'weft/v1': fingerprint ?? [code, operation, ...coordinates].filter(Boolean).join(' ') },
    ...(approved === undefined ? {} : { suppressions: [{ kind: 'external', justification: approved.reason }] }),
  };
}

function locationOf({ file, line, column }: Problem['places'][number]) {
  const region = { startLine: line, startColumn: column };
  return { physicalLocation: { artifactLocation: { uri: encodeURI(file), uriBaseId: 'SRCROOT' }, region } };
}

function logical(coordinates: readonly string[]) {
  return coordinates.map((fullyQualifiedName) => ({ fullyQualifiedName, kind: 'member' }));
}
