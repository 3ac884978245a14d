// Reads damaged files of one format, one after the other: `node worker.mjs FORMAT SEED FROM TO FOLDER`. Each lies in FOLDER before it is
// read, so that one that ends the process is there to be looked at. Tells its parent of each hundred files, and at once of one that ended in
// anything but success or an error with a code, or took more time or memory than any file may.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CudaGanError } from '../../dist/esm/index.js';
import { RandomStream } from '../../dist/esm/random/random-stream.js';
import { formats } from './formats.mjs';

const [name, seed, from, to, folder] = process.argv.slice(2);
/** What a file of this size may take of the processor: a machine may be busy otherwise. */
const maxSeconds = 10;
/** In less, no process takes hold of as much memory as is too much. To ask for its peak takes as long as to read a small file. */
const shortSeconds = 0.02;
/** Beyond what the process had after the undamaged files: these have at most 64 KB. */
const maxGrowthBytes = 2 ** 29;
/** What a file may be refused by. Values of a file that are not allowed are the file's. */
const codes = ['CUDA_GAN_FILE', 'CUDA_GAN_NO_MEMORY'];

mkdirSync(folder, { recursive: true });
const format = await formats[name]();
for (const files of format.corpus) {
  put(files);
  await format.read(folder);
}
const peakBytes = () => process.resourceUsage().maxRSS * 1024;
let bytes = peakBytes();
const allowedBytes = bytes + maxGrowthBytes;

const counts = { read: 0, refused: 0, seconds: 0 };
await tell({ next: Number(from), ...counts, bytes });
for (let number = Number(from); number < Number(to); number++) {
  const random = new RandomStream(Number(seed), number);
  const files = await format.damage(random);
  put(files);
  const before = processorSeconds();
  const fault = await faultOf(() => format.read(folder));
  const seconds = processorSeconds() - before;
  counts.seconds = Math.max(counts.seconds, seconds);
  const hundred = number % 100 === 99;
  if (seconds > shortSeconds || hundred) bytes = peakBytes();
  const grown = bytes > allowedBytes;
  const beyond = grown ? `took ${Math.round((bytes - allowedBytes + maxGrowthBytes) / 2 ** 20)} MB` : undefined;
  const slow = seconds > maxSeconds ? `took ${seconds.toFixed(1)} s` : undefined;
  const failure = fault ?? beyond ?? slow;
  if (failure !== undefined || hundred) await tell({ next: number + 1, failure, ...counts, bytes });
  if (grown) process.exit(); // the peak stays, and would hide others
}
await tell({ next: Number(to), ...counts, bytes: peakBytes() });
process.disconnect();

function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function tell(message) {
  return new Promise((resolve) => process.send(message, resolve));
}

function put(files) {
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
}

async function faultOf(read) {
  try {
    await read();
    counts.read++;
  } catch (error) {
    if (!(error instanceof CudaGanError) || !codes.includes(error.code)) return error?.stack ?? String(error);
    counts.refused++;
  }
  return undefined;
}
