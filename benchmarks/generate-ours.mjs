// Times generating a batch of images. Usage: generate-ours.mjs <net> <batch> <threads> <seconds>; prints the milliseconds of
// every call as JSON.
import { createDevice } from 'cuda-gan';
import { ganOf } from './nets.mjs';

const net = process.argv[2];
const [batch, threads, seconds] = process.argv.slice(3, 6).map(Number);
const gan = ganOf(net, { device: createDevice('cpu', { threads }) });
await gan.generate(batch);
await gan.generate(batch);
const callMs = [];
const end = performance.now() + 1000 * seconds;
while (performance.now() < end || callMs.length < 3) {
  const start = performance.now();
  await gan.generate(batch);
  callMs.push(performance.now() - start);
}
console.log(JSON.stringify(callMs));
