export { freePort } from './free-port.ts';
export { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from './otlp-receiver.ts';
export { type WaitOptions, waitFor } from './wait-for.ts';
