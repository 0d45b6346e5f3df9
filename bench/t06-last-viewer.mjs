import { percentile, prepareRooms, viewersOfRoom } from './parts/rooms.mjs';

const posts = 25;

export const benchmark = {
  id: 'T6',
  title: `post → last of ${viewersOfRoom} viewers, p99`,
  units: { sayso: 'ms', 'bare Socket.IO': 'ms', 'C write() loop': 'ms' },
  goals: [{ of: 'sayso', to: 'C write() loop', most: 2.5 }],
  async prepare() {
    const { sayso, bare, floor, close } = await prepareRooms();
    const last = (broadcast) => async () => {
      const times = [];
      for (let i = 0; i < posts; i += 1) times.push(await broadcast());
      return percentile(times, 0.99);
    };
    return {
      measures: {
        sayso: last(() => sayso.broadcast()),
        'bare Socket.IO': last(() => bare.broadcast()),
        ...(floor === null
          ? {}
          : { 'C write() loop': last(async () => (await floor.broadcast()).ms) }),
      },
      close,
    };
  },
};
