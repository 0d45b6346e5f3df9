import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createApp } from './app.js';
import { ConfigError, readConfig, type Config } from './config.js';
import { DomainError } from './domain/errors.js';
import { StoppedError, stopOnSignals } from './ops/lifecycle.js';
import { createLogger, type Logger } from './ops/logger.js';

/** Put in by the build. */
declare const __VERSION__: string;

const { config, warnings } = readConfigOrExit();
const log = createLogger({ level: config.logLevel });
for (const warning of warnings) log.warn({}, warning);

const app = createApp({
  config,
  log,
  files: { browserFolder: builtFolder(), version: __VERSION__ },
});
stopOnSignals({ stop: () => app.stop(), log });
try {
  const { url } = await app.start();
  tellPeople(config.publicUrl ?? url);
  log.info({ url, mode: config.mode, readyMs: Math.round(performance.now()) }, 'Ready');
} catch (error) {
  // Whatever stopped it ends the process.
  if (!(error instanceof StoppedError)) await failToStart(error, log);
}

function readConfigOrExit(): ReturnType<typeof readConfig> {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** On standard error, so that standard output stays one JSON object a line. */
function tellPeople(origin: string): void {
  if (config.mode !== 'development') return;
  const lines = [
    `Sayso is ready at ${origin}`,
    `  demo article  ${origin}/demo`,
    `  API document  ${origin}/openapi.json`,
  ];
  process.stderr.write(`\n${lines.join('\n')}\n\n`);
}

async function failToStart(error: unknown, logger: Logger): Promise<never> {
  const reason = reasonFor(error, config);
  if (reason === null) logger.error({ error }, 'The start failed');
  else process.stderr.write(`${reason}\n`);
  await logger.end();
  process.exit(1);
}

/** What whoever starts it can mend; null: a mistake of ours. */
function reasonFor(error: unknown, { host, port }: Config): string | null {
  if (error instanceof DomainError) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') return `${host}:${port} is in use; set PORT to another one.`;
  if (code === 'EACCES') return `${host}:${port} may not be listened on; set PORT above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST ${host} is no address of this machine.`;
  return null;
}

/** Beside the bundle; null where the browser's part was not built. */
function builtFolder(): string | null {
  const folder = fileURLToPath(new URL('./browser', import.meta.url));
  return existsSync(folder) ? folder : null;
}
