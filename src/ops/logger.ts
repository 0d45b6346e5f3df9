import { pino } from 'pino';
import { redactFields, scrubLine } from './redact.js';

/** Writes one JSON object a line. Fields on the redaction list and what patterns tell are taken out. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** Whether lines of a level are written, for callers to whom gathering the fields costs. */
  writes(level: 'debug' | 'info' | 'warn' | 'error'): boolean;
  /** For the end of the process: hands over what is still in memory, and takes no more. At most 500 ms. */
  end(): Promise<void>;
}

/** Facts beside the message. An Error goes under `error`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Takes whole lines, each with its line end. */
export interface LineSink {
  write(line: string): void;
  /** Resolves once all is handed over. */
  end?(): Promise<void>;
}

/** A logger at a level; lines go to `sink`, by default in batches to standard output. */
export function createLogger({
  level,
  sink = standardOutput(),
}: {
  readonly level: string;
  readonly sink?: LineSink;
}): Logger {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => withoutMessage(redactFields(fields)),
      },
      serializers: { error: (value: unknown) => value },
    },
    { write: (line: string) => sink.write(`${scrubLine(line.slice(0, -1))}\n`) },
  );
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    writes: (wanted) => log.isLevelEnabled(wanted),
    end: () => sink.end?.() ?? Promise.resolve(),
  };
}

/** A logger that keeps nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  writes: () => false,
  end: () => Promise.resolve(),
};

/** How long the last lines may take. */
const endMs = 500;

/** Asynchronous: a slow reader of the log must not hold the event loop. */
function standardOutput(): LineSink {
  const out = pino.destination({ dest: 1, sync: false, minLength: 0 });
  return {
    write: (line) => void out.write(line),
    // Not `flushSync`: where whoever read the log is gone, it tries for ever and holds the process.
    end: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, endMs);
        const done = (): void => {
          clearTimeout(timer);
          resolve();
        };
        out.once('close', done);
        out.once('error', done);
        out.end();
      }),
  };
}

function withoutMessage(fields: unknown): Record<string, unknown> {
  // `redactFields` of an object is an object.
  const { message, time, level, ...rest } = fields as Record<string, unknown>;
  const renamed = Object.entries({ message, time, level }).filter(([, v]) => v !== undefined);
  return { ...rest, ...Object.fromEntries(renamed.map(([k, v]) => [`field_${k}`, v])) };
}
