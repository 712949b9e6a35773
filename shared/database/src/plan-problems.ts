/** A node of EXPLAIN (FORMAT JSON, VERBOSE), as far as it is looked at. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly Schema?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

export interface PlanExpectations {
  readonly isSharded: (table: string) => boolean;
  readonly accessColumns: readonly string[];
  readonly ordered: boolean;
  /** First column of an index: one that begins otherwise can only be skipped through, however well its condition reads. */
  readonly leadingColumnOf: (table: string, index: string) => string | undefined;
}

/** Scans of sharded tables without an index condition on the access key, and sorts where the index should give the order. */
export function findPlanProblems(plan: PlanNode, expected: PlanExpectations): string[] {
  const problems: string[] = [];
  let servesAccess = expected.accessColumns.length === 0;
  visit(plan);
  if (!servesAccess && !problems.some((problem) => problem.includes('no index serves'))) {
    problems.unshift(`no index serves ${columns()}`);
  }
  return problems;

  function visit(node: PlanNode): void {
    const type = node['Node Type'];
    const relation = node['Relation Name'];
    const table = `${node.Schema}.${relation}`;
    if (relation !== undefined && expected.isSharded(table)) {
      const condition = indexConditionOf(node);
      if (condition === undefined) problems.push(`${type} on ${table}: no index serves ${columns()}`);
      else if (expected.accessColumns.some((column) => mentions(condition, column))) {
        servesAccess = true;
        for (const index of indexesOf(node)) {
          const first = expected.leadingColumnOf(table, index);
          if (first !== undefined && !expected.accessColumns.includes(first))
            problems.push(`${type} on ${table}: ${index} begins with ${first}, not with ${columns()}`);
        }
      }
    }
    if (expected.ordered && /Sort$/.test(type)) problems.push(`${type}: no index gives the rows in their order`);
    for (const child of node.Plans ?? []) visit(child);
  }

  function columns(): string {
    return expected.accessColumns.length === 0 ? 'what it is read by' : expected.accessColumns.join(' or ');
  }
}

/** Names of the indexes of a scan; a bitmap scan has them below it. */
function indexesOf(node: PlanNode): string[] {
  return [node['Index Name'] ?? [], (node.Plans ?? []).flatMap(indexesOf)].flat();
}

/** A bitmap scan has its condition on the index scans below it. */
function indexConditionOf(node: PlanNode): string | undefined {
  if (node['Node Type'] !== 'Bitmap Heap Scan') return node['Index Cond'];
  const below = (node.Plans ?? []).flatMap((child) => indexConditionsIn(child));
  return below.length === 0 ? undefined : below.join(' ');
}

function indexConditionsIn(node: PlanNode): string[] {
  return [node['Index Cond'] ?? [], (node.Plans ?? []).flatMap(indexConditionsIn)].flat();
}

function mentions(condition: string, column: string): boolean {
  return new RegExp(`(^|[^a-z0-9_])"?${column}"?([^a-z0-9_]|$)`, 'i').test(condition);
}
