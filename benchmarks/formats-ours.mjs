// Saves or loads a model of dense layers in one format, after a small one that brings the code into memory. Usage:
// formats-ours.mjs <save|load> <folder> <ending>, after formats-ours.mjs make <folder>; prints as JSON the bytes of the file, the
// milliseconds by the clock and of the processor, and how much the most memory that the process had has grown.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { layers, loadModel, Sequential } from 'cuda-gan';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const [what, folder, ending] = process.argv.slice(2);

/** Numbers of units of four dense layers: of 100 MB, and of nothing much. */
const sizes = { large: 2560, small: 8 };

/** A folder for each file, as some formats have files of weights beside it. */
const folderOf = (size, ending) => join(folder, `${size}${ending}`);
const pathOf = (size, ending) => join(folderOf(size, ending), `model${ending}`);

if (what === 'make') {
  for (const [size, units] of Object.entries(sizes)) {
    const stack = Array.from({ length: 4 }, () => layers.dense({ units, inputShape: [units] }));
    await new Sequential({ layers: stack, device: 'cpu', seed: 1 }).save(pathOf(size, '.safetensors'));
  }
  console.log('{}');
} else {
  await run('small');
  const before = process.resourceUsage().maxRSS;
  const times = await run('large');
  const memoryBytes = 1024 * (process.resourceUsage().maxRSS - before);
  const files = readdirSync(folderOf('large', ending)).map((name) => join(folderOf('large', ending), name));
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  console.log(JSON.stringify({ bytes, ...times, memoryBytes }));
}

function emptyFolder(path) {
  rmSync(path, { recursive: true });
  mkdirSync(path);
}

async function run(size) {
  const model = what === 'save' ? await loadModel(pathOf(size, '.safetensors'), { device: 'cpu' }) : undefined;
  // The time that file systems take to free an earlier file is not that of saving.
  if (what === 'save') emptyFolder(folderOf(size, ending));
  collectGarbage();
  const [start, used] = [performance.now(), process.cpuUsage()];
  if (what === 'save') await model.save(pathOf(size, ending));
  else await loadModel(pathOf(size, ending), { device: 'cpu' });
  const { user, system } = process.cpuUsage(used);
  return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
}
