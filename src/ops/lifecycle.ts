import type { Logger } from './logger.js';

/** A part that is started and stopped. */
export interface Step {
  readonly name: string;
  start?(): void | Promise<void>;
  /** Called only where `start` succeeded. */
  stop?(): void | Promise<void>;
}

/** Starts parts in order and stops them backwards. */
export interface Lifecycle {
  /** If a step fails, those before it are stopped and its error is thrown. */
  start(steps: readonly Step[]): Promise<void>;
  /** Whether everything is started and nothing is stopping. */
  ready(): boolean;
  /** Stops what was started, once; later calls await the same. A step that fails does not keep the others. */
  stop(): Promise<void>;
}

/** A lifecycle; failures of stopping are logged, not thrown. */
export function createLifecycle({ log }: { readonly log: Logger }): Lifecycle {
  const started: Step[] = [];
  let state: 'new' | 'ready' | 'stopping' = 'new';
  let stopping: Promise<void> | null = null;

  const stop = (): Promise<void> => {
    state = 'stopping';
    stopping ??= stopAll();
    return stopping;
  };

  return {
    async start(steps) {
      for (const step of steps) {
        try {
          await step.start?.();
          started.push(step);
        } catch (error) {
          await stop();
          throw error;
        }
      }
      if (state === 'new') state = 'ready';
    },
    ready: () => state === 'ready',
    stop,
  };

  async function stopAll(): Promise<void> {
    for (let step = started.pop(); step !== undefined; step = started.pop()) {
      try {
        await step.stop?.();
      } catch (error) {
        log.error({ step: step.name, error }, 'A part did not stop cleanly');
      }
    }
  }
}

/** The part of `process` that is watched, so that tests can hand in another. */
export interface WatchedProcess {
  on(event: string, listener: (first: unknown) => void): unknown;
  exit(code: number): void;
}

/**
 * Ends the process in order: on SIGTERM and SIGINT with 0, on an error that nobody caught with 1,
 * after `stop` or `limitMs`, whichever is first. A second signal ends it at once.
 */
export function stopOnSignals({
  stop,
  log,
  watched = process,
  limitMs = 10_000,
}: {
  readonly stop: () => Promise<void>;
  readonly log: Logger;
  readonly watched?: WatchedProcess;
  readonly limitMs?: number;
}): void {
  let ending = false;
  watched.on('SIGTERM', () => onSignal('SIGTERM'));
  watched.on('SIGINT', () => onSignal('SIGINT'));
  watched.on('uncaughtException', (error: unknown) => onFailure('Uncaught exception', error));
  watched.on('unhandledRejection', (error: unknown) => onFailure('Unhandled rejection', error));

  function onSignal(signal: string): void {
    if (ending) return exit(1);
    log.info({ signal }, 'Stopping');
    void end(0);
  }

  /** The state of the process is unknown: it answers what it has taken on, and goes. */
  function onFailure(what: string, error: unknown): void {
    log.error({ error }, what);
    if (!ending) void end(1);
  }

  async function end(code: number): Promise<void> {
    ending = true;
    const timer = setTimeout(() => {
      log.error({ limitMs }, 'Stopping took too long');
      exit(1);
    }, limitMs);
    try {
      await stop();
      log.info({}, 'Stopped');
      exit(code);
    } catch (error) {
      log.error({ error }, 'Stopping failed');
      exit(1);
    } finally {
      clearTimeout(timer);
    }
  }

  function exit(code: number): void {
    log.flush();
    watched.exit(code);
  }
}
