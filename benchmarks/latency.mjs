// `npm run bench -- --latency`: medians of calls on small models, where what is around the arithmetic counts. A process
// each, which take turns over several rounds, as in run.mjs.
import { median, round } from './figures.mjs';

/** Rows of call and milliseconds, one column for each of `measure`: functions by name, which return times by call. */
export function measureLatency(measure, rounds, progress) {
  const times = new Map();
  for (let number = 1; number <= rounds; number++) {
    for (const [who, run] of Object.entries(measure)) {
      progress(`round ${number}/${rounds}: ${who}`);
      for (const [call, ms] of Object.entries(run())) {
        const row = times.get(call) ?? {};
        times.set(call, { ...row, [who]: [...(row[who] ?? []), ...ms] });
      }
    }
  }
  progress('');
  return [...times].map(([call, row]) => ({
    call,
    ...Object.fromEntries(Object.entries(row).map(([who, ms]) => [who, round(median(ms), 3)])),
  }));
}
