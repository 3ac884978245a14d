// Saves or loads a model of dense layers once, in one format, after a small one that brings the code into memory. Usage:
// formats-ours.mjs <make|save|load> <folder> <ending>; prints the bytes of the file, milliseconds of wall and of processor time, and
// the bytes that the process took at most, without and with what it had before, as JSON.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { layers, loadModel, Sequential } from 'cuda-gan';

const [what, folder, ending] = process.argv.slice(2);

/** Stacks of four square matrices: of 100 MB, and of nothing much. */
const units = { large: 2560, small: 8 };

/** A file has a folder of its own, beside which lie files of weights, where the format has any. */
const pathOf = (size, ending) => join(folder, `${size}${ending}`, `model${ending}`);

if (what === 'make') {
  for (const [size, width] of Object.entries(units)) {
    const stack = Array.from({ length: 4 }, () => layers.dense({ units: width, inputShape: [width] }));
    await new Sequential({ layers: stack, device: 'cpu', seed: 1 }).save(pathOf(size, '.safetensors'));
  }
} else {
  await timed('small');
  const before = process.resourceUsage().maxRSS;
  const figures = await timed('large');
  const peak = process.resourceUsage().maxRSS;
  const files = readdirSync(join(pathOf('large', ending), '..')).map((name) =>
    join(pathOf('large', ending), '..', name),
  );
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  console.log(JSON.stringify({ bytes, ...figures, grownBytes: 1024 * (peak - before), peakBytes: 1024 * peak }));
}

async function timed(size) {
  const model = what === 'save' ? await loadModel(pathOf(size, '.safetensors'), { device: 'cpu' }) : undefined;
  globalThis.gc();
  const [start, used] = [performance.now(), process.cpuUsage()];
  if (what === 'save') await model.save(pathOf(size, ending));
  else await loadModel(pathOf(size, ending), { device: 'cpu' });
  const { user, system } = process.cpuUsage(used);
  return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
}
