// Thousands of readers over bare TCP: WebSocket (RFC 6455) and Socket.IO by hand, as cheap as they can be.
import { connect } from 'node:net';

const handshake =
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\n' +
  'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** Opens `count` readers who join with `join` (a Socket.IO event and its payload); they hear until `close`. */
export async function openViewers(url, { count, join, parallel = 100 }) {
  const { hostname, port } = new URL(url);
  const crowd = { heard: 0, bytes: 0, onFrame: null };
  const viewers = [];
  const queue = Array.from({ length: count }, (_, i) => i);
  const work = async () => {
    for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
      viewers.push(await openViewer({ hostname, port: Number(port), join, crowd }));
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return {
    viewers,
    /** Frames that came, over all readers. */
    heard: () => crowd.heard,
    bytes: () => crowd.bytes,
    /** Called with the text of every frame that comes, or null to count only. */
    listen: (onFrame) => (crowd.onFrame = onFrame),
    /** Resolves once `frames` frames have come in all. */
    until: async (frames, withinMs = 30_000) => {
      const end = performance.now() + withinMs;
      while (crowd.heard < frames) {
        if (performance.now() > end) throw new Error(`${crowd.heard} frames of ${frames} came.`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    close: () => viewers.forEach((viewer) => viewer.socket.destroy()),
  };
}

/** One reader: connects, joins, resolves at the acknowledgement. */
export function openViewer({ hostname, port, join, crowd }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port, noDelay: true });
    const viewer = { socket, frames: 0, joined: null };
    let upgraded = false;
    let rest = null;
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('A reader was cut.')));
    socket.write(handshake);
    socket.on('data', (chunk) => {
      let data = rest === null ? chunk : Buffer.concat([rest, chunk]);
      rest = null;
      if (!upgraded) {
        const end = data.indexOf('\r\n\r\n');
        if (end < 0) return void (rest = data);
        if (!data.subarray(0, 12).equals(switching)) {
          return reject(new Error(data.subarray(0, 40).toString()));
        }
        upgraded = true;
        data = data.subarray(end + 4);
      }
      let at = 0;
      while (at + 2 <= data.length) {
        let length = data[at + 1];
        let head = 2;
        if (length === 126) {
          if (at + 4 > data.length) break;
          length = data.readUInt16BE(at + 2);
          head = 4;
        } else if (length === 127) {
          if (at + 10 > data.length) break;
          length = Number(data.readBigUInt64BE(at + 2));
          head = 10;
        }
        if (at + head + length > data.length) break;
        hear(data.subarray(at + head, at + head + length));
        at += head + length;
      }
      if (at < data.length) rest = data.subarray(at);
    });

    const hear = (packet) => {
      const [kind, type] = packet;
      if (kind === 0x34 && type === 0x32) {
        if (packet[13] !== 0x74 || packet[20] !== 0x63) return; // not ["thread:changed
        viewer.frames += 1;
        crowd.heard += 1;
        crowd.bytes += packet.length;
        crowd.onFrame?.(packet, viewer);
      } else if (kind === 0x32) send('3');
      else if (kind === 0x30) send('40/threads,');
      else if (kind === 0x34 && type === 0x30) send(`42/threads,1${JSON.stringify(join)}`);
      else if (kind === 0x34 && type === 0x33) {
        viewer.joined = packet.length;
        viewer.onAnswer?.(packet);
        resolve(viewer);
      }
    };
    const send = (text) => socket.write(masked(text));
    viewer.send = send;
  });
}

const switching = Buffer.from('HTTP/1.1 101');

/** A client's frame with a mask of zeros. */
function masked(text) {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? [0x81, 0x80 | length] : [0x81, 0xfe, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), Buffer.from(text)]);
}

/** Asks a part for one thing. */
export async function ask(url, path) {
  const answer = await fetch(`${url}${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}
