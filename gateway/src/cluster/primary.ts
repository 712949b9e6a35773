import cluster from 'node:cluster';
import type { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { messageOf } from '@weft/errors';
import { type Service, startMetricsServer } from '@weft/service';
import { createTelemetry, type Telemetry } from '@weft/telemetry';
import type { GatewayConfig } from '../config/index.ts';
import { metricsPlace } from '../metrics-place.ts';
import { createCounts } from './counts.ts';
import { type Member, startMember } from './member.ts';
import { createMembers, type Members } from './members.ts';

export interface PrimaryOptions {
  /** Reads the configuration: once at the start, and for each restart again. Throws UserError. */
  readonly load: () => GatewayConfig;
  /** Configuration file, as workers read it. */
  readonly file: string | undefined;
  /** Of the workers, beside that of this process. */
  readonly environment: NodeJS.ProcessEnv | undefined;
}

export interface Primary {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  /** As a whole: ready when every worker serves, stopped when the last one is gone. */
  readonly service: Service;
  /** Every worker looks at its files now. */
  reload(): void;
  /** Replaces the workers one after the other by such with the configuration of now; no request is lost. */
  restart(): Promise<'restarted' | 'refused'>;
}

const MAIN = fileURLToPath(new URL(`../main.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url));

/** Starts the workers and keeps them; serves nothing itself but metrics. Rejects with WorkerEnded when one cannot start. */
export async function startPrimary({ load, file, environment }: PrimaryOptions): Promise<Primary> {
  const config = load();
  const telemetry = createTelemetry({
    service: 'gateway',
    ...config.telemetry,
    instance: `${config.telemetry.instance ?? 'gateway'}-primary`,
    otlpUrl: undefined, // it has no spans
  });
  // structured clones keep numbers that JSON has not
  cluster.setupPrimary({ exec: MAIN, args: file === undefined ? [] : [file], serialization: 'advanced' });
  const counts = createCounts();
  const metricsText = async (): Promise<string> => {
    try {
      return await counts.text(members.all);
    } catch (error) {
      telemetry.log.error({ error }, 'The metrics of the workers could not be added up.');
      throw error;
    }
  };
  let allServe = false;
  const members: Members = createMembers({
    log: telemetry.log,
    onEnded: counts.keep,
    start() {
      const member = startMember(environment, metricsText);
      if (allServe) member.tell({ type: 'all-serve' });
      return member;
    },
  });
  const url = await members.open(sizeOf(config));
  const metrics = await openMetrics(config, telemetry, metricsText).catch(async (error: unknown) => {
    await members.stop();
    throw error;
  });
  allServe = true;
  for (const member of members.all) member.tell({ type: 'all-serve' });
  await Promise.all(members.all.map((member) => Promise.race([member.ready, member.exited])));
  telemetry.log.info({ url, workers: members.all.length, mode: config.mode }, 'The gateway serves.');
  const stop = async (): Promise<void> => {
    await members.stop();
    await metrics?.stop();
  };
  return {
    url,
    service: asService(new URL(url), { telemetry, metricsUrl: metrics?.url, members, stop }),
    reload() {
      for (const member of members.all) member.tell({ type: 'reload' });
    },
    async restart() {
      try {
        return await members.restart(sizeOf(load()));
      } catch (error) {
        telemetry.log.error({ reason: messageOf(error) }, 'The configuration was refused; the workers serve on.');
        return 'refused';
      }
    },
  };
}

function sizeOf({ workers }: GatewayConfig): number {
  return workers === 'auto' ? availableParallelism() : (workers ?? 1); // it was taken out of the file since the start
}

async function openMetrics(config: GatewayConfig, telemetry: Telemetry, text: () => Promise<string>) {
  const place = metricsPlace(config);
  return typeof place === 'object'
    ? await startMetricsServer({ name: 'gateway', ...place, telemetry, text })
    : undefined;
}

interface Whole {
  readonly telemetry: Telemetry;
  readonly metricsUrl: string | undefined;
  readonly members: Members;
  readonly stop: () => Promise<void>;
}

function asService({ origin, port }: URL, { telemetry, metricsUrl, members, stop }: Whole): Service {
  let stopping: Promise<void> | undefined;
  let taken = 0;
  const take = (socket: Socket, refusedBy: readonly Member[] = []): void => {
    const serving = members.all.filter((member) => member.isServing() && !refusedBy.includes(member));
    const next = serving[taken++ % serving.length];
    // nobody else would close it, and its client would wait for ever
    if (next === undefined) socket.destroy();
    else next.take(socket, () => take(socket, [...refusedBy, next]));
  };
  return {
    name: 'gateway',
    telemetry,
    url: origin,
    port: Number(port),
    metricsUrl,
    get isStopping() {
      return stopping !== undefined;
    },
    take: (socket) => take(socket),
    failing: async () => (members.all.some((member) => member.isServing()) ? [] : ['workers']),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
