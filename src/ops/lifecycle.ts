import type { Logger } from './logger.js';

/** A part that is started and stopped. */
export interface Part<T> {
  readonly name: string;
  /** Makes the part. */
  start(): T | Promise<T>;
  /** Called with what `start` made, and only where it succeeded. */
  stop?(made: T): void | Promise<void>;
}

/** Starts parts in order and stops them backwards. */
export interface Lifecycle {
  /**
   * Starts the next part. If it fails, those before it are stopped and its error is thrown; if
   * `stop` came meanwhile, it is stopped too, and a StoppedError thrown.
   */
  begin<T>(part: Part<T>): Promise<T>;
  /** Says that nothing is left to start. */
  complete(): void;
  /** Whether everything is started and nothing is stopping. */
  ready(): boolean;
  /**
   * Stops what was started, once, after the part that is just starting; later calls await the
   * same. A part that fails does not keep the others.
   */
  stop(): Promise<void>;
}

/** What a start ends with that was stopped on its way. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';

  constructor() {
    super('It was stopped while it started.');
  }
}

/** A lifecycle; failures of stopping are logged, not thrown. */
export function createLifecycle({ log }: { readonly log: Logger }): Lifecycle {
  const started: { readonly name: string; stop(): void | Promise<void> }[] = [];
  let isComplete = false;
  let underWay: Promise<unknown> = Promise.resolve();
  let stopping: Promise<void> | null = null;

  const stop = (): Promise<void> => {
    stopping ??= underWay.then(stopAll);
    return stopping;
  };

  const isStopping = (): boolean => stopping !== null;

  const start = async <T>({ name, start: make, stop: end }: Part<T>): Promise<T> => {
    const made = await make();
    started.push({ name, stop: () => end?.(made) });
    return made;
  };

  return {
    async begin(part) {
      try {
        if (isStopping()) throw new StoppedError();
        const starting = start(part);
        // A part that fails to start is no reason not to stop the others.
        underWay = starting.catch(() => undefined);
        const made = await starting;
        if (isStopping()) throw new StoppedError();
        return made;
      } catch (error) {
        await stop();
        throw error;
      }
    },
    complete: () => {
      isComplete = true;
    },
    ready: () => isComplete && !isStopping(),
    stop,
  };

  async function stopAll(): Promise<void> {
    for (let part = started.pop(); part !== undefined; part = started.pop()) {
      try {
        await part.stop();
      } catch (error) {
        log.error({ step: part.name, error }, 'A part did not stop cleanly');
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
    if (ending) return watched.exit(1);
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
      void exit(1);
    }, limitMs);
    try {
      await stop();
      log.info({}, 'Stopped');
      await exit(code);
    } catch (error) {
      log.error({ error }, 'Stopping failed');
      await exit(1);
    } finally {
      clearTimeout(timer);
    }
  }

  async function exit(code: number): Promise<void> {
    await log.end();
    watched.exit(code);
  }
}
