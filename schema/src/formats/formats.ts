import type { CheckReport } from '../report.ts';
import { printAnnotations } from './annotations.ts';
import { printJunit } from './junit.ts';
import { printMarkdown } from './markdown.ts';
import { printReport } from './print-report.ts';
import { printSarif } from './sarif.ts';

/** How a report can be written, by what `--format` and `--out` take. */
export const FORMATS: Readonly<Record<string, (report: CheckReport) => string>> = {
  pretty: printReport,
  json: (report) => JSON.stringify(report, null, 2),
  github: printAnnotations,
  markdown: printMarkdown,
  sarif: printSarif,
  junit: printJunit,
};
