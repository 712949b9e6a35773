/** A constraint refused a write: the caller knows what that means to its client. */
export class ConstraintError extends Error {
  override readonly name = 'ConstraintError';
  readonly kind: 'unique' | 'foreign-key' | 'check' | 'not-null' | 'exclusion';
  /** The constraint's name in Postgres, `account_pkey`; for not-null the column. */
  readonly constraint: string;

  constructor(kind: ConstraintError['kind'], constraint: string, cause: unknown) {
    super(`the ${kind} constraint ${constraint} refused the write`, { cause });
    this.kind = kind;
    this.constraint = constraint;
  }
}
