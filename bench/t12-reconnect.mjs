import { openViewers } from './lib/viewers.mjs';
import { prepareRooms, viewersOfRoom } from './parts/rooms.mjs';

const join = ['thread:join', { site: 'bench', article: 'hot', since: 0 }];

export const benchmark = {
  id: 'T12',
  title: `${viewersOfRoom} clients connect and join at once`,
  units: { sayso: 'joins/s', 'bare Socket.IO': 'joins/s', 'all back': 's (worst round)' },
  goals: [
    { of: 'sayso', to: 'bare Socket.IO', least: 0.85 },
    { of: 'all back', most: 8 },
  ],
  async prepare() {
    const { sayso, bare, close } = await prepareRooms({ withFloor: false, viewers: 10 });
    let seconds = 0;
    const rate = (room) => async () => {
      const began = performance.now();
      const crowd = await openViewers(room.url, { count: viewersOfRoom, join, parallel: 500 });
      seconds = (performance.now() - began) / 1_000;
      crowd.close();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return viewersOfRoom / seconds;
    };
    let back = 0;
    return {
      measures: {
        sayso: async () => {
          const value = await rate(sayso)();
          back = Math.max(back, seconds);
          return value;
        },
        'all back': () => back,
        'bare Socket.IO': rate(bare),
      },
      close,
    };
  },
};
