// Times loading the package: how much longer a fresh process takes that loads it than the process before it, which loads
// an empty module in its place; the median of such pairs, so that other load on the machine cancels out. Alone
// (`node benchmarks/load.mjs [processes]`) it prints the figures.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Milliseconds for `import` and for `require`. */
export function measureLoad(processes = 20) {
  const folder = mkdtempSync(join(here, '.load-')); // below the package, which finds itself by name
  try {
    const programs = {
      importingNothing: ['import-nothing.mjs', "import './empty.mjs';"],
      importing: ['import.mjs', "import 'cuda-gan';"],
      requiringNothing: ['require-nothing.cjs', "require('./empty.cjs');"],
      requiring: ['require.cjs', "require('cuda-gan');"],
    };
    for (const file of ['empty.mjs', 'empty.cjs']) writeFileSync(join(folder, file), '');
    const times = {};
    for (const [name, [file, code]] of Object.entries(programs)) {
      writeFileSync(join(folder, file), code);
      times[name] = [];
    }
    for (let i = 0; i < processes + 1; i++) {
      for (const [name, [file]] of Object.entries(programs)) {
        const start = performance.now();
        execFileSync(process.execPath, [join(folder, file)]);
        if (i > 0) times[name].push(performance.now() - start); // the first reads from disk
      }
    }
    const difference = (full, empty) => median(times[full].map((time, i) => time - times[empty][i]));
    return {
      importMs: tenths(difference('importing', 'importingNothing')),
      requireMs: tenths(difference('requiring', 'requiringNothing')),
      emptyProcessMs: tenths(median(times.importingNothing)),
      processes,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function tenths(value) {
  return Number(value.toFixed(1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(measureLoad(Number(process.argv[2] ?? 20))));
}
