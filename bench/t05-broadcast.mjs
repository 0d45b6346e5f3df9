import { prepareRooms, viewersOfRoom } from './parts/rooms.mjs';

const posts = 10;

export const benchmark = {
  id: 'T5',
  title: `broadcast to ${viewersOfRoom} viewers, CPU a recipient`,
  units: { sayso: 'µs', 'bare Socket.IO': 'µs', 'C write() loop': 'µs' },
  goals: [
    { of: 'sayso', to: 'bare Socket.IO', most: 1.1 },
    { of: 'sayso', to: 'C write() loop', most: 2.6 },
  ],
  async prepare() {
    const { sayso, bare, floor, close } = await prepareRooms();
    const aRecipient = (room) => async () => {
      const before = (await room.ask('/cpu')).microseconds;
      for (let i = 0; i < posts; i += 1) await room.broadcast();
      const { microseconds } = await room.ask('/cpu');
      return (microseconds - before) / (posts * viewersOfRoom);
    };
    const ofFloor = async () => {
      let total = 0;
      for (let i = 0; i < posts; i += 1) total += (await floor.broadcast()).microseconds;
      return total / (posts * viewersOfRoom);
    };
    return {
      measures: {
        sayso: aRecipient(sayso),
        'bare Socket.IO': aRecipient(bare),
        ...(floor === null ? {} : { 'C write() loop': ofFloor }),
      },
      close,
    };
  },
};
