export { launchBrowser } from './browser.ts';
export { freePort } from './free-port.ts';
export { type GeneratedGraph, type GeneratedGraphSize, generatedGraph } from './generated-graph.ts';
export { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from './otlp-receiver.ts';
export { type RedisOptions, type RedisServer, startRedis } from './redis.ts';
export { testFleet } from './test-fleet.ts';
export { findTool, hasChromium, hasRedis } from './tools.ts';
export { type WaitOptions, waitFor } from './wait-for.ts';
