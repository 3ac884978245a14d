// What the benchmarks do with numbers.

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function round(value, digits) {
  return Number(value.toFixed(digits));
}
