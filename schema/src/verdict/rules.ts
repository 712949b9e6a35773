/** An error fails the check; a note is for whoever asks. */
export type Severity = 'error' | 'warning' | 'note';

/** How it is known whether clients send an operation, or use an element of the schema. */
export type UseState = 'used' | 'unused' | 'unknown';

export interface RuleRow {
  readonly what: string;
  /** The severity by what is known of the use. A client that is strict about answers turns a warning of C2 and C3 into an error. */
  readonly used: Severity;
  readonly unused: Severity;
  readonly unknown: Severity;
  /** Only an approval turns it green: it is about who sees what, not about who breaks. */
  readonly approval?: true;
}

const BREAKS = { used: 'error', unused: 'note', unknown: 'error' } as const;
const WARNS = { used: 'warning', unused: 'note', unknown: 'warning' } as const;
const PASSES = { used: 'note', unused: 'note', unknown: 'note' } as const;
const ALWAYS = { used: 'error', unused: 'error', unknown: 'error' } as const;

/** What a check decides. docs/guides/what-a-check-decides.md prints these rows. */
export const RULES = {
  A: { what: 'an operation is not valid any more', ...BREAKS },
  B: { what: 'an operation is valid, but values of its variables that were accepted are refused', ...BREAKS },
  C1: { what: 'the JSON type of a selected field changes', ...BREAKS },
  C2: { what: 'a selected field can be null now', ...WARNS },
  C3: { what: 'a selected enum, union or interface can have values it had not', ...WARNS },
  C6: { what: 'the default of an argument or input field that is left out changes', ...WARNS },
  C7: { what: 'only more is accepted: optional argument, input enum value; or an unused type goes', ...PASSES },
  D1: { what: 'the plan gets worse: one more fetch or wave, another subgraph waited for, shards scattered', ...WARNS },
  D2: { what: 'an answer may be kept shorter, for one caller only, or not at all', ...WARNS },
  D3: { what: 'something private or protected may be kept for everybody, or longer', ...ALWAYS, approval: true },
  E1: {
    what: 'somebody may see more: a rule is loosened, @inaccessible goes, a contract shows more',
    ...ALWAYS,
    approval: true,
  },
  E2: { what: 'a selected field asks more of its caller', ...WARNS },
  F1: { what: 'the gateway cannot load the supergraph', ...ALWAYS },
  F2: { what: 'the subgraphs do not compose', ...ALWAYS },
  F3: { what: 'a subgraph goes; what clients see of it is A and D', ...BREAKS },
  G: { what: 'description, deprecation, order', ...PASSES },
} as const satisfies Record<string, RuleRow>;

export type Rule = keyof typeof RULES;

export function severityOf(rule: Rule, state: UseState): Severity {
  return RULES[rule][state];
}

/** True for rules that only an approval turns green. */
export function needsApproval(rule: Rule | undefined): boolean {
  return rule !== undefined && 'approval' in RULES[rule];
}
