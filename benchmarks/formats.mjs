// `npm run bench -- --formats`: saves and loads a dense model of 100 MB in every format. Every figure comes from a process of its
// own, so that its peak of memory is its own too; they take turns over several rounds, as in run.mjs.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, round } from './figures.mjs';

const formats = {
  safetensors: '.safetensors',
  keras: '.keras',
  hdf5: '.h5',
  onnx: '.onnx',
  'tensorflow.js': '.json',
};

/**
 * A row for each format: MB of the file; MB/s of saving and loading, by the clock and by the time of the processor (what the disk
 * takes is in the former alone); and the memory that a process takes for it at most, beyond what it takes for a small model, as a
 * share of the file. Of saving, that includes the model itself.
 */
export function measureFormats(node, rounds, progress) {
  const folder = mkdtempSync(join(tmpdir(), 'cuda-gan-formats-'));
  try {
    for (const ending of Object.values(formats)) {
      for (const size of ['large', 'small']) mkdirSync(join(folder, `${size}${ending}`));
    }
    progress('making the model');
    node('formats-ours.mjs', 'make', folder);
    const runs = Object.keys(formats).map((format) => ({ format, save: [], load: [] }));
    for (let number = 1; number <= rounds; number++) {
      for (const { format, save, load } of runs) {
        progress(`round ${number}/${rounds}: ${format}`);
        save.push(node('formats-ours.mjs', 'save', folder, formats[format]));
        load.push(node('formats-ours.mjs', 'load', folder, formats[format]));
      }
    }
    progress('');
    return runs.map(rowOf);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rowOf({ format, save, load }) {
  const speed = (runs, ms) => Math.round(median(runs.map((run) => run.bytes / 1000 / run[ms])));
  const memory = (runs) => round(median(runs.map(({ bytes, memoryBytes }) => memoryBytes / bytes)), 2);
  return {
    format,
    MB: round(save[0].bytes / 1e6, 1),
    'save MB/s': speed(save, 'wallMs'),
    'load MB/s': speed(load, 'wallMs'),
    'save MB/s of processor': speed(save, 'cpuMs'),
    'load MB/s of processor': speed(load, 'cpuMs'),
    'save memory': memory(save),
    'load memory': memory(load),
  };
}
