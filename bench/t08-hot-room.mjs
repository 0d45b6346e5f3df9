import { aRoom, percentile, viewersOfRoom } from './parts/rooms.mjs';

const rate = 100;
const runMs = 5_000;

export const benchmark = {
  id: 'T8',
  title: `hot room: ${rate} posts/s to ${viewersOfRoom} viewers`,
  units: {
    sayso: 'events/s',
    'uncoalesced (bare Socket.IO)': 'events/s',
    'staleness p99': 'ms (worst round)',
    lost: 'events (all rounds)',
  },
  goals: [
    { of: 'sayso', least: 300_000 },
    { of: 'sayso', to: 'uncoalesced (bare Socket.IO)', least: 8 },
    { of: 'staleness p99', most: 1_200 },
    { of: 'lost', most: 0 },
  ],
  async prepare() {
    const sayso = await aRoom('sayso');
    let staleness = 0;
    let lost = 0;

    /** Events that reached viewers in the time of the run; then waits until the room is calm. */
    const ofSayso = async () => {
      const { emitted } = await sayso.ask('/');
      const got = new Map(sayso.crowd.viewers.map((viewer) => [viewer, 0]));
      const sizes = new Map();
      const ages = [];
      let events = 0;
      let sample = 0;
      sayso.crowd.listen((packet, viewer) => {
        const [key] = /"prev":(\d+),"rev":(\d+)/.exec(packet.toString('latin1', 0, 140));
        if (!sizes.has(key))
          sizes.set(key, packet.toString('latin1').split('"parentId"').length - 1);
        events += sizes.get(key);
        got.set(viewer, got.get(viewer) + sizes.get(key));
        if ((sample += 1) % 500 !== 0) return;
        const now = Date.now();
        for (const [, at] of packet.toString('latin1').matchAll(/"<p>(\d{13}) /g))
          ages.push(now - at);
      });
      const began = performance.now();
      await sayso.ask(`/run?rate=${rate}&ms=${runMs}`);
      await new Promise((resolve) => setTimeout(resolve, runMs));
      const seconds = (performance.now() - began) / 1_000;
      const delivered = events / seconds;
      await sayso.ask('/wait');
      const end = performance.now() + 10_000;
      const posted = (await sayso.ask('/')).emitted - emitted;
      const behind = () => [...got.values()].some((items) => items < posted);
      while (behind() && performance.now() < end) await new Promise((r) => setTimeout(r, 20));
      sayso.crowd.listen(null);
      lost += posted * viewersOfRoom - events;
      staleness = Math.max(staleness, percentile(ages, 0.99));
      return delivered;
    };
    /** What waits in the room at the end would take minutes: it is closed with it. */
    const ofBare = async () => {
      const bare = await aRoom('bare');
      try {
        const began = performance.now();
        await bare.ask(`/run?rate=${rate}&ms=${runMs}`);
        await new Promise((resolve) => setTimeout(resolve, runMs));
        return bare.crowd.heard() / ((performance.now() - began) / 1_000);
      } finally {
        await bare.close('SIGKILL');
      }
    };
    return {
      measures: {
        sayso: ofSayso,
        'staleness p99': () => staleness,
        lost: () => lost,
        'uncoalesced (bare Socket.IO)': ofBare,
      },
      close: () => sayso.close(),
    };
  },
};
