// `npm run bench`: times the article's step, here and elsewhere, beside the limit of the machine. Every figure comes from
// a process of its own; they take turns over several rounds, so that ratios hold on a machine that others use too.
// Options: --preset dcgan (the DCGANs instead of the article's networks), --fit (VAEs and a classifier), --formats (saving and
// loading), --graph (nodes and levels of the CUDA graphs of steps; --preset NAME: of that one), --latency (calls on small
// models), --products (matrix products), --modes (which of 25 Gaussians GANs find; --seeds N, default 5), --stacked-mnist
// (which of its 1000 modes), --json FILE, --python PATH (a Python with torch, keras or both), --rounds N (default 3),
// --seconds N (each). Where CUDA_GAN_ISA is avx2, the libraries beside cuda-gan keep to that too.
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { createDevice } from 'cuda-gan';
import { listDevices } from '../dist/esm/devices/list.js';
import { measureDcgan } from './dcgan.mjs';
import { startDialogue } from './dialogue.mjs';
import { median, round } from './figures.mjs';
import { measureFit } from './fit.mjs';
import { measureFormats } from './formats.mjs';
import { useInstructionSet } from './instruction-set.mjs';
import { measureLatency } from './latency.mjs';
import { buildLimit, limitMs, measureLimit } from './limit.mjs';
import { measureLoad } from './load.mjs';
import { measureModes, measureStackedModes } from './modes.mjs';
import { measureProducts } from './products.mjs';

const { values } = parseArgs({
  options: {
    fit: { type: 'boolean', default: false },
    formats: { type: 'boolean', default: false },
    graph: { type: 'boolean', default: false },
    json: { type: 'string' },
    latency: { type: 'boolean', default: false },
    modes: { type: 'boolean', default: false },
    preset: { type: 'string' },
    products: { type: 'boolean', default: false },
    python: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    seeds: { type: 'string', default: '5' },
    'stacked-mnist': { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const batches = [32, 64, 128, 512];
const { threads: cores, description } = createDevice('cpu');
const teams = [...new Set([1, cores])];
if (process.env.CUDA_GAN_ISA) useInstructionSet(process.env.CUDA_GAN_ISA);

const figures = (command, args) =>
  JSON.parse(
    execFileSync(command, args.map(String), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n')
      .at(-1),
  );
const node = (script, ...args) => figures(process.execPath, [`benchmarks/${script}`, ...args]);
const python = (script, ...args) => figures(values.python, [`benchmarks/${script}`, ...args]);

const machine = {
  cpu: cpus()[0].model.trim(),
  cores: availableParallelism(),
  memoryGB: Math.round(totalmem() / 2 ** 30),
  device: description,
  node: process.version,
};
const about = {
  machine,
  date: new Date().toISOString().slice(0, 10),
  command: [
    'npm run bench',
    ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2).map((word) => basename(word))] : []),
  ].join(' '),
};

if (values.latency) {
  const torch = values.python !== undefined && pythonHas('torch');
  const latency = measureLatency(
    {
      'cuda-gan': () => node('latency-ours.mjs'),
      'tfjs wasm': () => node('latency-tfjs.mjs', 'wasm'),
      'tfjs cpu': () => node('latency-tfjs.mjs', 'cpu'),
      ...(torch && { 'torch 1 thread': () => python('torch_latency.py', 1) }),
      ...(torch && cores > 1 && { [`torch ${cores} threads`]: () => python('torch_latency.py', cores) }),
    },
    rounds,
    progress,
  );
  console.log(`${description}: milliseconds per call, medians`);
  console.table(latency);
  write({ ...about, latency });
  process.exit();
}

if (values.graph) {
  const { available, description: gpu } = listDevices().find(({ name }) => name === 'cuda');
  if (!available) process.env.CUDA_GAN_PREBUILD = 'build/emulator';
  const device = available ? gpu : 'no GPU here: the graphs that the CUDA emulator is given, which are the same';
  const graphs = node('graph.mjs', ...(values.preset === undefined ? [] : [values.preset]));
  console.log(device);
  console.table(graphs.map(({ longestPath, ...figures }) => figures));
  write({ ...about, machine: { ...machine, device }, graphs });
  process.exit();
}

if (values.formats) {
  const formats = measureFormats(node, rounds, progress);
  console.table(formats);
  write({ ...about, formats });
  process.exit();
}

if (values.modes || values['stacked-mnist']) {
  const grid = values.modes ? await measureModes({ seeds: Number(values.seeds), cores, progress }) : undefined;
  const stacked = values['stacked-mnist'] ? await measureStackedModes({ cores, progress }) : undefined;
  for (const rows of [grid, stacked]) if (rows !== undefined) console.table(rows);
  write({ ...about, grid, stacked });
  process.exit();
}

if (values.fit) {
  const torch = values.python !== undefined && pythonHas('torch');
  const results = measureFit({
    teams,
    rounds,
    seconds: values.seconds,
    node,
    python: torch ? python : undefined,
    progress,
  });
  console.log(`${description}: milliseconds per step, medians`);
  console.table(results);
  write({ ...about, results });
  process.exit();
}

if (values.preset !== undefined && values.preset !== 'mlp') {
  if (values.preset !== 'dcgan') throw new Error(`--preset ${values.preset}: allowed are mlp and dcgan`);
  const results = measureDcgan({
    teams,
    rounds,
    seconds: values.seconds,
    node,
    python: values.python !== undefined && pythonHas('torch') ? python : undefined,
    progress,
  });
  console.log(`${description}: milliseconds, medians`);
  console.table(results);
  write({ ...about, results });
  process.exit();
}

if (values.products) {
  const peers = ['torch', 'numpy'].filter((module) => values.python !== undefined && pythonHas(module));
  const tables = [];
  for (const instructionSet of vectorSets()) {
    useInstructionSet(instructionSet);
    const limit = buildLimit(instructionSet);
    const dialogues = {
      'cuda-gan': startDialogue(process.execPath, ['benchmarks/products-ours.mjs']),
      ...Object.fromEntries(
        peers.map((module) => [module, startDialogue(values.python, ['benchmarks/products_python.py', module])]),
      ),
    };
    const table = await measureProducts(() => measureLimit(limit, 1).gflops, dialogues, rounds, progress);
    console.log(`${machine.cpu}, one thread, ${instructionSet}: GFLOP/s, and per cent of ${table.peak}`);
    console.table(table.rows);
    tables.push({ instructionSet, ...table });
  }
  write({ ...about, products: tables });
  process.exit();
}

const ours = batches.flatMap((batch) =>
  teams.map((threads) => ({
    who: 'cuda-gan',
    device: 'cpu',
    batch,
    threads,
    measure: () => node('ours.mjs', batch, threads, values.seconds),
  })),
);
const peers = values.python === undefined ? [] : pythonPeers();
const rows = [...ours, ...tfjsPeers(), ...peers];

progress('loading the module');
const load = measureLoad();
const limit = buildLimit();
const speeds = new Map(teams.map((threads) => [threads, []]));
for (const row of rows) row.stepMs = [];
for (let round = 0; round < rounds; round++) {
  for (const row of rows) {
    progress(`round ${round + 1}/${rounds}: ${row.who}, batch ${row.batch}, threads ${row.threads}`);
    if (row.who === 'cuda-gan') speeds.get(row.threads).push(measureLimit(limit, row.threads));
    row.stepMs.push(...row.measure());
  }
}
progress('');

const limits = new Map(
  [...speeds].map(([threads, all]) => [
    threads,
    { threads, gflops: median(all.map(({ gflops }) => gflops)), copyGBs: median(all.map(({ copyGBs }) => copyGBs)) },
  ]),
);
const results = rows.map(({ who, device, batch, threads, stepMs }) => {
  const ms = median(stepMs);
  const timesLimit = round(ms / limitMs(batch, limits.get(threads)), 2);
  return {
    who,
    device,
    preset: 'mlp',
    batch,
    threads,
    stepMs: round(ms, 3),
    samplesPerSecond: Math.round((1000 * batch) / ms),
    timesLimit,
  };
});
const report = {
  ...about,
  load,
  limit: limits.get(cores),
  limitOneThread: limits.get(1),
  results,
};

console.log(`${description}: at most ${report.limit.gflops} GFLOP/s, copies ${report.limit.copyGBs} GB/s`);
console.log(`import 'cuda-gan' takes ${load.importMs} ms, require ${load.requireMs} ms`);
console.table(results);
write(report);

function write(results) {
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
}

/** The machine's instruction sets but the one that every processor has, which counts where it is alone. */
function vectorSets() {
  const { instructionSets } = listDevices().find(({ name }) => name === 'cpu');
  return instructionSets.filter((set) => set !== 'baseline' || instructionSets.length === 1);
}

/** TensorFlow.js, a development dependency, where that is installed. */
function tfjsPeers() {
  if (!existsSync('node_modules/@tensorflow/tfjs-core')) {
    console.log('TensorFlow.js is not installed: left out');
    return [];
  }
  return [
    {
      who: 'tfjs wasm',
      device: 'wasm',
      batch: 32,
      threads: 1,
      measure: () => node('tfjs.mjs', 'wasm', 32, 8).slice(2),
    },
    { who: 'tfjs cpu', device: 'js', batch: 32, threads: 1, measure: () => node('tfjs.mjs', 'cpu', 32, 2).slice(1) },
  ];
}

/** PyTorch and Keras, as far as that Python has them. */
function pythonPeers() {
  const torch = (mode, batch, threads) => ({
    who: `torch ${mode}`,
    device: 'cpu',
    batch,
    threads,
    measure: () => python('torch_step.py', mode, batch, threads, 100),
  });
  const eager = [32, 128].flatMap((batch) => teams.map((threads) => torch('eager', batch, threads)));
  const keras = [
    { who: 'keras', device: 'cpu', batch: 32, threads: cores, measure: () => python('keras_step.py', 32, cores, 20) },
  ];
  return [
    ...(pythonHas('torch') ? [...eager, torch('compiled', 32, cores)] : []),
    ...(pythonHas('keras') ? keras : []),
  ];
}

function pythonHas(module) {
  try {
    execFileSync(values.python, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    console.log(`${values.python} has no ${module}: left out`);
    return false;
  }
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
