import { heapAViewer, viewersOfRoom } from './parts/rooms.mjs';

export const benchmark = {
  id: 'T9',
  title: `heap a viewer, ${viewersOfRoom} viewers of one thread`,
  units: { sayso: 'bytes', 'bare Socket.IO': 'bytes' },
  goals: [{ of: 'sayso', to: 'bare Socket.IO', most: 1.15 }],
  prepare: () => ({
    measures: { sayso: () => heapAViewer('sayso'), 'bare Socket.IO': () => heapAViewer('bare') },
  }),
};
