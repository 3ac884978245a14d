// The least time that a step can take on this machine: its multiply-adds at the speed of registers, plus the bytes that
// Adam moves at the speed of copying. limit.cpp measures both speeds.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const generator = [100, 256, 512, 1024, 784];
const discriminator = [784, 512, 256, 1];
const batchNormalized = [256, 512, 1024];

const pairs = (widths) => widths.slice(1).map((width, i) => [widths[i], width]);
const weights = (widths) => pairs(widths).reduce((sum, [from, to]) => sum + from * to, 0);
const biases = (widths) => widths.slice(1).reduce((sum, width) => sum + width, 0);

/** Floating-point operations of the matrix products of one step. */
export function flopsOf(batch) {
  const g = weights(generator);
  const d = weights(discriminator);
  // Forward, weight gradient, input gradient; the input gradient of a network's first layer is not needed.
  const trainD = 3 * d - 784 * 512;
  const trainG = 3 * g - 100 * 256;
  const throughFrozenD = 2 * d;
  return 2 * ((batch / 2) * (2 * trainD + g) + batch * (trainG + throughFrozenD));
}

/** Bytes that Adam moves in one step: two updates of the discriminator and one of the generator. */
export function adamBytes() {
  const bytesPerParameter = 4 * (4 + 3); // reads p, m, v, g; writes p, m, v
  return bytesPerParameter * (2 * parameters(discriminator, []) + parameters(generator, batchNormalized));
}

/** Bytes of weights and moments: what a step goes through. */
export const stateBytes = 12 * (parameters(discriminator, []) + parameters(generator, batchNormalized));

function parameters(widths, normalized) {
  return weights(widths) + biases(widths) + normalized.reduce((sum, width) => sum + 2 * width, 0);
}

/** Compiles limit.cpp for this very processor, or for `flags`; measureLimit takes what it returns. */
export function buildLimit(flags = ['-march=native'], program = 'build/limit') {
  mkdirSync('build', { recursive: true });
  const compiler = process.env.CXX ?? 'c++';
  execFileSync(compiler, ['-O3', ...flags, '-pthread', 'benchmarks/limit.cpp', '-o', program]);
  return program;
}

/** Peak GFLOP/s and copied GB/s (read and written) of `threads` threads. */
export function measureLimit(threads, program = 'build/limit') {
  const [gflops, copyGBs] = execFileSync(program, [threads, stateBytes], { encoding: 'utf8' }).split(' ').map(Number);
  return { gflops, copyGBs };
}

export function limitMs(batch, { gflops, copyGBs }) {
  return flopsOf(batch) / gflops / 1e6 + adamBytes() / copyGBs / 1e6;
}
