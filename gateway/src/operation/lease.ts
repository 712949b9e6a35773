import type { OperationHost, OperationStage } from './operation-stage.ts';

/** Gives the current host and holds it until `release`. */
export type LeaseHost = () => { readonly host: OperationHost; release(): void };

/** Ties an operation to the supergraph that admitted it. */
export function leaseStage(lease: LeaseHost): OperationStage {
  return {
    name: 'lease',
    does: 'takes the current supergraph; the operation ends on it even when it is replaced meanwhile',
    wrap: (next) => async (run) => {
      const { host, release } = lease();
      try {
        return await next({ ...run, host });
      } finally {
        release();
      }
    },
  };
}
