export { freePort } from './free-port.ts';
export { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from './otlp-receiver.ts';
export { testFleet } from './test-fleet.ts';
export { type WaitOptions, waitFor } from './wait-for.ts';
