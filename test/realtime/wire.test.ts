import { encode } from '../../src/realtime/wire.js';

describe('an encoded packet', () => {
  it.each([1, 50, 60, 125, 126, 200, 65_000, 65_535, 65_536, 130_000])(
    'of %d characters more is one final text frame of exactly its bytes',
    (extra) => {
      const article = 'ë'.repeat(extra);
      const { text, frame } = encode('thread:viewers', { site: 's', article, viewers: 2 });
      const length = Buffer.byteLength(text) + 1;
      const form = length < 126 ? length : length < 65_536 ? 126 : 127;
      expect([frame[0], frame[1]]).toEqual([0x81, form]);
      const head = form === 126 ? 4 : form === 127 ? 10 : 2;
      if (form === 126) expect(frame.readUInt16BE(2)).toBe(length);
      if (form === 127) expect(Number(frame.readBigUInt64BE(2))).toBe(length);
      expect(frame.subarray(head).toString()).toBe(`4${text}`);
      expect(frame).toHaveLength(head + length);
    },
  );
});
