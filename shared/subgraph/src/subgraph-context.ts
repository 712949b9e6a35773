import type { DatabaseSession } from '@weft/database';
import { GraphError } from '@weft/errors';
import type { Ids } from '@weft/ids';
import type { Identity } from '@weft/service';
import type { Telemetry } from '@weft/telemetry';

/** What every resolver gets, made anew for each request. */
export interface SubgraphContext<T> {
  /** Who the gateway says is asking, proved by its signed token; null for an anonymous caller. */
  readonly user: Identity | null;
  /** The only way to the database: batches, shards, replicas and deadlines are its work. */
  readonly session: DatabaseSession<T>;
  /** Aborts when the time is over or the caller has gone. Its reason is the error to answer with. */
  readonly signal: AbortSignal;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
}

type Caller = Pick<SubgraphContext<never>, 'user'>;

/** The caller. Throws UNAUTHENTICATED for an anonymous one. */
export function requireUser(context: Caller): Identity {
  if (context.user === null) throw new GraphError('UNAUTHENTICATED', 'This needs a token.');
  return context.user;
}

/** The caller, when `userId` is theirs. Throws UNAUTHENTICATED, or UNAUTHORIZED_FIELD_OR_TYPE for somebody else's. */
export function requireSelf(context: Caller, userId: string): Identity {
  const user = requireUser(context);
  if (user.subject !== userId) {
    throw new GraphError('UNAUTHORIZED_FIELD_OR_TYPE', 'Only for the user themself.');
  }
  return user;
}
