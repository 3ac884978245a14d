// The least time that a step can take on this machine: its multiply-adds at the speed of registers, plus the bytes that
// Adam moves at the speed of copying. limit.cpp measures both speeds.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { listDevices } from '../dist/esm/devices/list.js';
import { workOf } from './nets.mjs';

const cpu = listDevices().find(({ name }) => name === 'cpu');
const mlp = workOf('mlp');

/** Bytes of weights and moments of the article's networks: what a step goes through. */
export const { stateBytes } = mlp;

const flags = { avx512: ['-march=native', '-mprefer-vector-width=512'], avx2: ['-mavx2', '-mfma'], baseline: [] };

/** Compiles limit.cpp for an instruction set, by default the one that the cpu device uses; measureLimit takes what it returns. */
export function buildLimit(instructionSet = cpu.instructionSet) {
  mkdirSync('build', { recursive: true });
  const program = `build/limit-${instructionSet}`;
  const compiler = process.env.CXX ?? 'c++';
  execFileSync(compiler, ['-O3', ...flags[instructionSet], '-pthread', 'benchmarks/limit.cpp', '-o', program]);
  return program;
}

/** Peak GFLOP/s and copied GB/s (read and written) of `threads` threads, within so many bytes. */
export function measureLimit(program, threads, bytes = stateBytes) {
  const [gflops, copyGBs] = execFileSync(program, [threads, bytes], { encoding: 'utf8' }).split(' ').map(Number);
  return { gflops, copyGBs };
}

/** Milliseconds of a training step at a batch. */
export function limitMs(batch, { gflops, copyGBs }, { flops, adamBytes } = mlp) {
  return flops(batch) / gflops / 1e6 + adamBytes / copyGBs / 1e6;
}

/** Milliseconds to generate a batch of images. */
export function generateLimitMs(batch, { gflops }, { generateFlops }) {
  return generateFlops(batch) / gflops / 1e6;
}
