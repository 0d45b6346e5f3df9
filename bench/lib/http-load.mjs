// A load generator over bare sockets: node's own client is slower than the servers it would measure.
import { connect } from 'node:net';

/**
 * Keeps `connections` requests under way for `ms`; `next()` gives the text of each request.
 * Resolves with requests a second, the sorted times in ms, and how many had another status.
 */
export async function closedLoop(url, { connections, ms, next, status }) {
  const until = performance.now() + ms;
  const began = performance.now();
  const clients = await Promise.all(Array.from({ length: connections }, () => open(url)));
  const times = [];
  let odd = 0;
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < until) {
        const start = performance.now();
        if ((await client.send(next())).status !== status) odd += 1;
        times.push(performance.now() - start);
      }
      client.close();
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  return { perSecond: times.length / seconds, times: sorted(times), odd };
}

/** Starts `rate` requests a second whatever the answers take; times count from when each was due. */
export async function openLoop(url, { connections, ms, rate, next, status }) {
  const clients = await Promise.all(Array.from({ length: connections }, () => open(url)));
  const free = [...clients];
  const waiting = [];
  const times = [];
  let odd = 0;
  const run = async (client, due) => {
    for (let at = due; at !== undefined; at = waiting.shift()) {
      if ((await client.send(next())).status !== status) odd += 1;
      times.push(performance.now() - at);
    }
    free.push(client);
  };
  const began = performance.now();
  const total = Math.floor((rate * ms) / 1_000);
  for (let sent = 0; sent < total;) {
    for (; sent < total && began + (sent * 1_000) / rate <= performance.now(); sent += 1) {
      const due = began + (sent * 1_000) / rate;
      const client = free.pop();
      if (client === undefined) waiting.push(due);
      else void run(client, due);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  while (free.length < clients.length) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const client of clients) client.close();
  return { times: sorted(times), odd };
}

/** The text of a request. */
export function requestText(method, path, headers = {}, body = '') {
  const fields = { Host: '127.0.0.1', ...headers };
  if (body !== '') Object.assign(fields, { 'Content-Length': Buffer.byteLength(body) });
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** A share of sorted values, as in `share(times, 0.99)`. */
export const share = (times, part) =>
  times[Math.min(times.length - 1, Math.floor(times.length * part))];

const sorted = (times) => times.sort((a, b) => a - b);

/** One kept connection with one request at a time. */
export async function open(url) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let settle = null;
  let chunks = [];
  let size = 0;
  let wanted = -1;
  let status = 0;
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (wanted < 0) {
      const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      chunks = [bytes];
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = bytes.latin1Slice(0, end);
      status = Number(head.slice(9, 12));
      const length = /\r\ncontent-length: (\d+)/i.exec(head);
      if (length === null && status !== 304 && status !== 204)
        throw new Error(`No length: ${head}`);
      wanted = end + 4 + Number(length === null || status === 304 ? 0 : length[1]);
    }
    if (size < wanted) return;
    const answer = { status, chunks };
    [chunks, size, wanted] = [[], 0, -1];
    settle(answer);
  });
  socket.on('close', () => settle?.({ status: 0, chunks: [] }));
  return {
    /** Resolves with the status and the bytes of the whole answer. */
    send: (text) =>
      new Promise((resolve) => {
        settle = resolve;
        socket.write(text);
      }),
    close: () => {
      settle = null;
      socket.destroy();
    },
  };
}

/** Status, head and body of an answer. */
export function readAnswer({ status, chunks }) {
  const text = Buffer.concat(chunks).toString('utf8');
  const end = text.indexOf('\r\n\r\n');
  return { status, head: text.slice(0, end), body: text.slice(end + 4) };
}
