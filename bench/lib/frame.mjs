// Runs benchmarks in interleaved rounds against their references, and tells what came of it.
import { loadavg } from 'node:os';

const rounds = 3;
const maxLoad = 3;

/** Throws where the machine has other work: the figures would be about that. */
export function refuseBusy() {
  const [minute = 0] = loadavg();
  if (minute > maxLoad) {
    throw new Error(
      `The load of this machine is ${minute.toFixed(1)}, above ${maxLoad}: not measured.`,
    );
  }
}

/**
 * Runs one benchmark. `prepare()` gives `measures`, each a function that resolves with a number, or
 * with several by name; in every round all are run once, in turning order. `goals` compare what came out.
 */
export async function runBenchmark(benchmark) {
  const prepared = await benchmark.prepare();
  const values = {};
  try {
    const names = Object.keys(prepared.measures);
    for (let round = 0; round < rounds; round += 1) {
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        const measured = await prepared.measures[name]();
        const named = typeof measured === 'number' ? { [name]: measured } : measured;
        for (const [key, value] of Object.entries(named)) (values[key] ??= []).push(value);
      }
    }
  } finally {
    await prepared.close?.();
  }
  const stats = Object.fromEntries(
    Object.entries(values).map(([name, list]) => [name, summary(list, benchmark.units[name])]),
  );
  return {
    id: benchmark.id,
    title: benchmark.title,
    stats,
    // A reference that this machine does not have was left out, aloud, and its goals with it.
    goals: benchmark.goals
      .filter(({ of, to }) => of in stats && (to === undefined || to in stats))
      .map((goal) => judge(goal, stats)),
  };
}

/** `of` against `to` (a ratio of medians), or `of` alone, with `least` or `most`. */
function judge({ of, to, least, most }, stats) {
  const of_ = stats[of];
  const ratio = (part) => (to === undefined ? of_[part] : of_[part] / stats[to][part]);
  const value = ratio('median');
  const met = (least === undefined || value >= least) && (most === undefined || value <= most);
  const text = `${of}${to === undefined ? '' : ` / ${to}`} ${least === undefined ? `≤ ${most}` : `≥ ${least}`}`;
  return { text, value, best: ratio('best'), met };
}

function summary(list, unit) {
  const sorted = [...list].sort((a, b) => a - b);
  const best = unit.endsWith('/s') ? sorted.at(-1) : sorted[0];
  return { median: sorted[Math.floor(sorted.length / 2)], best, unit, all: list };
}

/** A table for people. */
export function toTable(results) {
  const lines = [];
  for (const { id, title, stats, goals } of results) {
    lines.push('', `${id}  ${title}`);
    for (const [name, { median, best, unit }] of Object.entries(stats)) {
      lines.push(
        `    ${name.padEnd(34)} median ${shown(median).padStart(9)}  best ${shown(best).padStart(9)} ${unit}`,
      );
    }
    for (const { text, value, best, met } of goals) {
      lines.push(
        `  ${met ? '✓' : '✗'} ${text.padEnd(43)} ${shown(value).padStart(9)}  best ${shown(best).padStart(9)}`,
      );
    }
  }
  return lines.join('\n');
}

const shown = (value) =>
  value >= 1_000 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3);
