import { createLogger } from '../../src/ops/logger.js';

const canaries = {
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJjYW5hcnkiOjF9.c2lnbmF0dXJlLWNhbmFyeQ',
  key: 'sk_CANARYCANARYCANARYCANARYCANARYCANARYCANARY',
  cookie: '__Host-sayso=canary-cookie',
  refresh: 'canary-refresh-token',
  email: 'canary.person+tag@mail.example',
  ipv4: '203.0.113.77',
  ipv6: '2001:db8:ca:4a::77',
  mapped: '::ffff:203.0.113.77',
  text: 'canary words that a reader wrote',
  password: 'canary-password',
};

function capture(level = 'info') {
  const lines: string[] = [];
  const log = createLogger({ level, sink: { write: (line) => void lines.push(line) } });
  const last = (): Record<string, unknown> =>
    JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;
  return { log, lines, last };
}

describe('logger', () => {
  it('writes one JSON object a line with level, time and message', () => {
    const { log, lines, last } = capture();
    log.info({ route: 'postComment', status: 201 }, 'Answered');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      route: 'postComment',
      status: 201,
      message: 'Answered',
    });
  });

  it('SEC-86 takes canaries out of fields of the redaction list at any depth', () => {
    const { log, lines } = capture();
    log.info(
      {
        headers: {
          authorization: `Bearer ${canaries.jwt}`,
          cookie: canaries.cookie,
          'Set-Cookie': [canaries.cookie],
          'x-forwarded-for': canaries.ipv4,
        },
        accessToken: canaries.jwt,
        refreshToken: canaries.refresh,
        key: canaries.key,
        user: { email: canaries.email, Password: canaries.password, ip: canaries.ipv6 },
        deep: { deeper: [{ source: canaries.text, html: canaries.text, body: canaries.text }] },
      },
      'Answered',
    );
    for (const canary of Object.values(canaries)) expect(lines.join('')).not.toContain(canary);
    expect(lines.join('')).not.toContain('canary');
  });

  it.each(['jwt', 'key', 'email', 'ipv4', 'ipv6', 'mapped'] as const)(
    'SEC-86 takes a canary (%s) out of messages, errors, causes and unsuspicious fields',
    (name) => {
      const { log, lines } = capture();
      const canary = canaries[name];
      log.info({}, `something\n${canary}.`);
      log.info({ detail: `from "${canary}"`, list: [canary] }, 'x');
      log.error({ error: new Error(canary, { cause: new Error(`under ${canary}`) }) }, 'x');
      expect(lines).toHaveLength(3);
      expect(lines.join('')).not.toContain(canary);
    },
  );

  it('takes an address out wherever it stands, in full and in short', () => {
    const { log, lines } = capture();
    const addresses = ['203.0.113.7', '2001:db8:1:2:3:4:5:6', 'fe80::1', '64:ff9b::203.0.113.7'];
    for (const address of addresses) {
      for (const text of [
        address,
        `a\n${address}`,
        `[${address}]:80`,
        `(${address})`,
        `${address},`,
      ]) {
        log.info({}, text);
      }
    }
    for (const address of addresses) expect(lines.join('')).not.toContain(address);
    expect(lines).toHaveLength(20);
  });

  it('takes credentials out of addresses of stores and headers in messages', () => {
    const { log, lines } = capture();
    log.info({}, `mongodb://app:${canaries.password}@db.internal:27017/sayso`);
    log.info({}, `Authorization: Bearer ${canaries.refresh}`);
    expect(lines.join('')).not.toContain('canary');
    expect(lines[0]).toContain('db.internal');
  });

  it('keeps times, versions, loopback and ids of ours readable', () => {
    const { log, lines } = capture();
    log.info(
      { version: 'v1.20.3.4', at: '19:27:00', ulid: '01JD3R5T0000000000000000', ms: 12.5 },
      '127.0.0.1 and ::1 on v20.20.2',
    );
    expect(lines[0]).toContain('19:27:00');
    expect(lines[0]).toContain('v1.20.3.4');
    expect(lines[0]).toContain('127.0.0.1 and ::1 on v20.20.2');
    expect(lines[0]).toContain('01JD3R5T0000000000000000');
  });

  it.each([
    ['line feed', '\n'],
    ['carriage return', '\r\n'],
    ['U+0000', '\u0000'],
    ['escape', '\u001b[31m'],
    ['C1 control', '\u009b31m'],
    ['delete', '\u007f'],
    ['bidi override', '\u202e'],
    ['bidi isolate', '\u2066'],
    ['line separator', '\u2028'],
  ])('SEC-85 keeps a %s from making a line or reaching the terminal', (_, hostile) => {
    const { log, lines } = capture();
    log.info({ route: `a${hostile}b`, [`k${hostile}`]: 1 }, `m${hostile}{"level":"error"}`);
    expect(lines).toHaveLength(1);
    const body = (lines[0] ?? '').slice(0, -1);
    expect(body).not.toContain(hostile);
    expect(body).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
    const line = JSON.parse(body) as { route: string; message: string; level: string };
    expect(line).toMatchObject({ route: `a${hostile}b`, message: `m${hostile}{"level":"error"}` });
    expect(line.level).toBe('info');
  });

  it('does not let fields replace level, time and message', () => {
    const { log, last } = capture();
    log.info({ level: 'fatal', time: 'never', message: 'another' }, 'mine');
    expect(last()).toMatchObject({ level: 'info', message: 'mine', field_message: 'another' });
    expect(last().time).not.toBe('never');
  });

  it('bounds depth and length of what it is handed', () => {
    const { log, lines } = capture();
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    log.info({ loop, many: Array.from({ length: 10_000 }, (_, i) => i) }, 'x');
    expect((lines[0] ?? '').length).toBeLessThan(2_000);
  });

  it('writes nothing below its level', () => {
    const { log, lines } = capture('warn');
    log.info({}, 'x');
    log.warn({}, 'y');
    expect(lines).toHaveLength(1);
    expect([log.writes('info'), log.writes('error')]).toEqual([false, true]);
  });
});
