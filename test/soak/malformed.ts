import { clientEvents } from '../../src/contract/events.js';
import { malformedPayloads } from '../helpers/malformed.js';
import { connected, join, startRealtime, type RealtimeHarness } from '../helpers/realtime.js';

const messages = Number(process.env['SAYSO_SOAK_MESSAGES'] ?? 50_000);

describe(`${String(messages)} malformed messages`, () => {
  let server: RealtimeHarness;
  const failures: unknown[] = [];
  const note = (error: unknown): void => void failures.push(error);
  beforeAll(() => process.on('uncaughtException', note).on('unhandledRejection', note));
  afterAll(async () => {
    process.off('uncaughtException', note).off('unhandledRejection', note);
    await server.stop();
  });

  it('leave the server as it was', async () => {
    server = await startRealtime({ limits: { messagesPerSecond: 1e6, messageBurst: 1e6 } });
    const client = server.official();
    await connected(client);
    const untyped = client as unknown as {
      emit(event: string, ...of: unknown[]): void;
      emitWithAck(event: string, ...of: unknown[]): Promise<{ ok: boolean }>;
    };
    const payloads = malformedPayloads();
    const events = Object.keys(clientEvents);
    for (let sent = 0; sent < messages;) {
      const answers: Promise<{ ok: boolean }>[] = [];
      for (const payload of payloads) {
        const event = events[sent % events.length]!;
        untyped.emit(event, payload);
        answers.push(untyped.emitWithAck(event, payload));
        sent += 2;
      }
      for (const { ok } of await Promise.all(answers)) expect(ok).toBe(false);
    }
    expect(failures).toEqual([]);
    expect(server.errors).toEqual([]);
    expect(server.realtime.stats()).toEqual({ sockets: 1, threads: 0 });
    expect(await join(client, 0)).toMatchObject({ ok: true });
  });
});
