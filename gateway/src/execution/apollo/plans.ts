import type { GatewayConfig } from '@apollo/gateway';
import { ATTRIBUTES, SPANS, type Telemetry } from '@weft/telemetry';

type Planner = { buildQueryPlan(...operation: readonly unknown[]): unknown };
type PlanStore = NonNullable<NonNullable<GatewayConfig['queryPlannerConfig']>['cache']>;
type Plan = Awaited<ReturnType<PlanStore['get']>>;

/** Plans kept for one generation; the oldest use goes first. A plan of the sample operation is about 30 KiB. */
const MOST_PLANS = 1_000;

/** Keeps plans by operation. A hit is a `gateway.plan` span too, so that every trace tells where its plan came from. */
export function createPlanStore(telemetry: Telemetry): PlanStore {
  const plans = new Map<string, NonNullable<Plan>>();
  return {
    async get(key) {
      const plan = plans.get(key);
      if (plan === undefined) return undefined;
      plans.delete(key);
      plans.set(key, plan);
      await telemetry.span(SPANS.gatewayPlan, { attributes: { [ATTRIBUTES.cache]: 'hit' } }, async () => undefined);
      return plan;
    },
    async set(key, plan) {
      plans.set(key, plan);
      const [oldest] = plans.keys();
      if (plans.size > MOST_PLANS && oldest !== undefined) plans.delete(oldest);
    },
    async delete(key) {
      return plans.delete(key);
    },
    clear() {
      plans.clear();
    },
  } as PlanStore;
}

/** Puts a span around the planner's own work. Planning is synchronous, so the span covers exactly that. */
export function observePlanner(planner: Planner, telemetry: Telemetry): void {
  const build = planner.buildQueryPlan.bind(planner);
  planner.buildQueryPlan = (...operation) => {
    let plan: unknown;
    let failure: { readonly error: unknown } | undefined;
    const span = telemetry.span(SPANS.gatewayPlan, { attributes: { [ATTRIBUTES.cache]: 'miss' } }, async () => {
      try {
        plan = build(...operation);
      } catch (error) {
        failure = { error };
        throw error;
      }
    });
    span.catch(() => undefined); // thrown below, where @apollo/gateway waits for it
    if (failure !== undefined) throw failure.error;
    return plan;
  };
}
