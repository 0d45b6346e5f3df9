import { EventEmitter, once } from 'node:events';
import {
  createLifecycle,
  stopOnSignals,
  StoppedError,
  type Part,
} from '../../src/ops/lifecycle.js';
import { createLogger, silentLogger } from '../../src/ops/logger.js';

const part = (name: string, seen: string[]): Part<string> => ({
  name,
  start: async () => {
    seen.push(`start ${name}`);
    return name;
  },
  stop: async (made) => void seen.push(`stop ${made}`),
});

describe('lifecycle', () => {
  it('starts in order and stops backwards, each with what it made', async () => {
    const seen: string[] = [];
    const lifecycle = createLifecycle({ log: silentLogger });
    expect(await lifecycle.begin(part('store', seen))).toBe('store');
    await lifecycle.begin(part('http', seen));
    expect(lifecycle.ready()).toBe(false);
    lifecycle.complete();
    expect(lifecycle.ready()).toBe(true);
    await lifecycle.stop();
    expect(seen).toEqual(['start store', 'start http', 'stop http', 'stop store']);
    expect(lifecycle.ready()).toBe(false);
  });

  it('stops what was started when a later part fails, and throws its error', async () => {
    const seen: string[] = [];
    const lifecycle = createLifecycle({ log: silentLogger });
    const broken: Part<string> = {
      name: 'http',
      start: () => Promise.reject(new Error('port taken')),
      stop: () => void seen.push('stop http'),
    };
    await lifecycle.begin(part('store', seen));
    await expect(lifecycle.begin(broken)).rejects.toThrow('port taken');
    await expect(lifecycle.begin(part('late', seen))).rejects.toThrow(StoppedError);
    expect(seen).toEqual(['start store', 'stop store']);
    expect(lifecycle.ready()).toBe(false);
  });

  it('stops the part that is just starting too, and starts no other', async () => {
    const seen: string[] = [];
    const lifecycle = createLifecycle({ log: silentLogger });
    let open: () => void = () => undefined;
    const slow: Part<string> = {
      ...part('store', seen),
      start: () => new Promise((done) => (open = () => done('store'))),
    };
    const starting = lifecycle.begin(slow);
    const stopped = lifecycle.stop();
    open();
    await expect(starting).rejects.toThrow(StoppedError);
    await stopped;
    await expect(lifecycle.begin(part('http', seen))).rejects.toThrow(StoppedError);
    expect(seen).toEqual(['stop store']);
  });

  it('stops once however often it is asked', async () => {
    const seen: string[] = [];
    const lifecycle = createLifecycle({ log: silentLogger });
    await lifecycle.begin(part('store', seen));
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    await lifecycle.stop();
    expect(seen).toEqual(['start store', 'stop store']);
  });

  it('stops the others when one fails to stop, and logs it', async () => {
    const seen: string[] = [];
    const lines: string[] = [];
    const log = createLogger({ level: 'info', sink: { write: (line) => void lines.push(line) } });
    const lifecycle = createLifecycle({ log });
    await lifecycle.begin(part('store', seen));
    await lifecycle.begin({ ...part('http', []), stop: () => Promise.reject(new Error('no')) });
    await lifecycle.stop();
    expect(seen).toEqual(['start store', 'stop store']);
    expect(lines.join('')).toContain('"step":"http"');
  });
});

/** Stands in for `process`: tells what it is ended with. */
function aProcess() {
  const events = new EventEmitter();
  const exited = once(events, 'exited') as Promise<[code: number]>;
  const codes: number[] = [];
  const exit = (code: number): void => {
    codes.push(code);
    events.emit('exited', code);
  };
  return { watched: Object.assign(events, { exit }), exited, codes };
}

describe('stopping the process', () => {
  it.each(['SIGTERM', 'SIGINT'])('ends with 0 on %s after everything stopped', async (signal) => {
    const { watched, exited } = aProcess();
    const seen: string[] = [];
    stopOnSignals({ stop: async () => void seen.push('stopped'), log: silentLogger, watched });
    watched.emit(signal);
    expect(await exited).toEqual([0]);
    expect(seen).toEqual(['stopped']);
  });

  it.each(['uncaughtException', 'unhandledRejection'])(
    'REL-17 logs %s, drains and ends with 1',
    async (event) => {
      const { watched, exited } = aProcess();
      const seen: string[] = [];
      const lines: string[] = [];
      const log = createLogger({ level: 'info', sink: { write: (line) => void lines.push(line) } });
      stopOnSignals({ stop: async () => void seen.push('drained'), log, watched });
      watched.emit(event, new Error('nobody caught it'));
      expect(await exited).toEqual([1]);
      expect(seen).toEqual(['drained']);
      expect(lines.join('')).toContain('nobody caught it');
    },
  );

  it('ends with 1 when stopping fails or takes longer than the limit', async () => {
    const failing = aProcess();
    const stop = () => Promise.reject(new Error('no'));
    stopOnSignals({ stop, log: silentLogger, watched: failing.watched });
    failing.watched.emit('SIGTERM');
    expect(await failing.exited).toEqual([1]);

    const hanging = aProcess();
    const never = () => new Promise<void>(() => undefined);
    stopOnSignals({ stop: never, log: silentLogger, watched: hanging.watched, limitMs: 5 });
    hanging.watched.emit('SIGTERM');
    expect(await hanging.exited).toEqual([1]);
  });

  it('ends at once on a second signal', () => {
    const { watched, codes } = aProcess();
    const never = () => new Promise<void>(() => undefined);
    stopOnSignals({ stop: never, log: silentLogger, watched, limitMs: 100 });
    watched.emit('SIGINT');
    watched.emit('SIGINT');
    expect(codes).toEqual([1]);
  });
});
