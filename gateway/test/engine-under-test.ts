import type { GatewayConfig } from '../src/index.ts';

type EngineName = GatewayConfig['engine'];

let engine: EngineName = 'apollo';

/** The engine of the gateways that a test file opens. */
export function engineUnderTest(): EngineName {
  return engine;
}

/** Called before a test file is imported that is to run once more, with another engine. */
export function testWith(other: EngineName): void {
  engine = other;
}
