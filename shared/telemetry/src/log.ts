import { type Logger, pino } from 'pino';
import { activeSpanContext } from './active-context.ts';
import { loggable } from './loggable.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** `log.warn('text')`, or with details first: `log.warn({ shard, error }, 'text')`. */
export interface LogMethod {
  (message: string): void;
  (details: object, message: string): void;
}

export interface Log {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  /** The same log with details on every line. */
  child(details: object): Log;
}

export interface LogOptions {
  readonly service: string;
  readonly instance: string;
  readonly level: LogLevel;
  /** Where lines go; stderr when absent. */
  readonly write?: (line: string) => void;
}

const STDERR = 2;

/** JSON lines with the trace of the active span. Written at once, so that the last line before a crash is there. */
export function createLog(options: LogOptions): Log {
  const { service, instance, level, write } = options;
  const destination = write === undefined ? pino.destination({ dest: STDERR, sync: true }) : { write };
  const logger = pino(
    {
      level,
      base: { service, instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // `loggable` has made plain values of everything; pino's own view of errors would undo that.
      serializers: { err: (error: unknown) => error },
    },
    destination,
  );
  return withDetails(logger, {});
}

/** pino's `child` would write what it was given without asking `loggable`. */
function withDetails(logger: Logger, always: object): Log {
  const method = (name: 'debug' | 'info' | 'warn' | 'error'): LogMethod =>
    function log(first: object | string, message?: string): void {
      if (!logger.isLevelEnabled(name)) return;
      const details = typeof first === 'string' ? loggable(always) : { ...loggable(always), ...loggable(first) };
      logger[name]({ ...traceIds(), ...details }, typeof first === 'string' ? first : message);
    };
  return {
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    child: (details) => withDetails(logger, { ...always, ...details }),
  };
}

function traceIds(): object {
  const active = activeSpanContext();
  return active === undefined ? {} : { trace_id: active.traceId, span_id: active.spanId };
}
