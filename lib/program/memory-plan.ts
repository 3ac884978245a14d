// The static memory plan: gives each intermediate a byte offset in one arena, sharing space between tensors that are
// never alive together. Greedy by size (Pisarchyk & Lee, Efficient Memory Management for Deep Neural Net Inference, 2020).
import { bytesOf } from '../tensor.js';
import type { KernelNode, Value } from './value.js';

/** A cache line, and the width of the widest vector. */
const alignment = 64;

interface Interval {
  readonly first: number;
  last: number;
  readonly bytes: number;
  offset: number;
}

export interface MemoryPlan {
  readonly bytes: number;
  offsetOf(value: Value): number;
}

/** `rootOf` maps an alias to the Value that owns the memory. `results` stay alive to the end of the step. */
export function planMemory(
  nodes: readonly KernelNode[],
  rootOf: (value: Value) => Value,
  results: readonly Value[],
): MemoryPlan {
  const intervals = new Map<Value, Interval>();
  nodes.forEach(({ inputs, outputs }, time) => {
    for (const output of outputs) {
      if (output.variable !== undefined) continue;
      const bytes = Math.max(1, Math.ceil(bytesOf(output) / alignment)) * alignment;
      intervals.set(output, { first: time, last: time, bytes, offset: 0 });
    }
    for (const input of inputs) {
      const interval = intervals.get(rootOf(input));
      if (interval !== undefined) interval.last = time;
    }
  });
  for (const result of results) {
    const interval = intervals.get(rootOf(result));
    if (interval !== undefined) interval.last = nodes.length;
  }

  const placed: Interval[] = [];
  for (const interval of [...intervals.values()].sort((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    interval.offset = firstGap(interval, placed);
    placed.push(interval);
  }
  return {
    bytes: placed.reduce((end, { offset, bytes }) => Math.max(end, offset + bytes), 0),
    offsetOf: (value) => intervals.get(value)!.offset,
  };
}

/** The lowest offset where `wanted` fits between the tensors that are alive with it. */
function firstGap(wanted: Interval, placed: readonly Interval[]): number {
  const alive = placed
    .filter((other) => other.first <= wanted.last && wanted.first <= other.last)
    .sort((a, b) => a.offset - b.offset);
  let offset = 0;
  for (const other of alive) {
    if (offset + wanted.bytes <= other.offset) break;
    offset = Math.max(offset, other.offset + other.bytes);
  }
  return offset;
}
