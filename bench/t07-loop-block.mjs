import { prepareRooms, viewersOfRoom } from './parts/rooms.mjs';

const posts = 5;

export const benchmark = {
  id: 'T7',
  title: `longest block of the event loop while ${viewersOfRoom} viewers are told`,
  units: { sayso: 'ms', 'unsliced (bare Socket.IO)': 'ms' },
  goals: [
    { of: 'sayso', to: 'unsliced (bare Socket.IO)', most: 0.15 },
    { of: 'sayso', most: 20 },
  ],
  async prepare() {
    const { sayso, bare, close } = await prepareRooms({ withFloor: false });
    const longest = (room) => async () => {
      const blocks = [];
      for (let i = 0; i < posts; i += 1) {
        await room.ask('/loop');
        await room.broadcast();
        blocks.push((await room.ask('/loop')).ms);
      }
      return blocks.sort((a, b) => a - b)[Math.floor(posts / 2)];
    };
    return {
      measures: { sayso: longest(sayso), 'unsliced (bare Socket.IO)': longest(bare) },
      close,
    };
  },
};
