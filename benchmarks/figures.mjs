// What the benchmarks do with numbers.

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function round(value, digits) {
  return Number(value.toFixed(digits));
}

/** The milliseconds of 500 calls of each of `calls`, or of as many as two seconds allow, after half a second to warm up. */
export async function timeCalls(calls) {
  const times = {};
  for (const [name, call] of Object.entries(calls)) {
    const warm = performance.now() + 500;
    while (performance.now() < warm) await call();
    times[name] = [];
    const end = performance.now() + 2000;
    while (times[name].length < 500 && performance.now() < end) {
      const start = performance.now();
      await call();
      times[name].push(performance.now() - start);
    }
  }
  return times;
}
