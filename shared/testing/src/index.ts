export { launchBrowser } from './browser.ts';
export { freePort } from './free-port.ts';
export { type GeneratedGraph, type GeneratedGraphSize, generatedGraph } from './generated-graph.ts';
export { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from './otlp-receiver.ts';
export { type RedisServer, startRedis } from './redis.ts';
export { testFleet } from './test-fleet.ts';
export { hasChromium, hasRedis } from './tools.ts';
export { waitFor } from './wait-for.ts';
