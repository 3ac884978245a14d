// The CUDA graphs of training steps: nodes, levels (nodes of the longest path) and bytes of kernel parameters, and what the
// nodes of a longest path compute. They are read off what is compiled, nothing runs: the addon of the CUDA emulator
// (CUDA_GAN_PREBUILD=build/emulator) makes the same graphs. Usage: graph.mjs [preset]; prints rows as JSON.
import { classifiers, createDevice, GAN, tensor, VAE } from 'cuda-gan';
import { presets } from '../dist/esm/gan/presets.js';

const graphSteps = [1, 4, 16];

/** Every preset at a batch, and two trainings by `fit`: what trains so much as a step, on a device. */
const trainings = [
  ...[32, 64, 128, 512].map((batch) => gan('mlp', [28, 28, 1], batch)),
  gan('dcgan', [28, 28, 1], 64),
  gan('dcgan', [32, 32, 3], 64),
  gan('dcgan', [64, 64, 3], 64),
  ...Object.keys(presets)
    .filter((preset) => preset !== 'mlp' && preset !== 'dcgan')
    .map((preset) => gan(preset, [28, 28, 1], 64)),
  {
    name: 'vae',
    batch: 128,
    train: ({ images }, device) =>
      new VAE({ binarize: true, seed: 1, device }).fit(images, { epochs: 1, batchSize: 128 }),
  },
  {
    name: 'classifier cnn',
    batch: 128,
    train: ({ images, labels }, device) =>
      classifiers
        .cnn({ samples: 60000, batchSize: 128, seed: 1, device })
        .model.fit(images, labels, { epochs: 1, batchSize: 128 }),
  },
];

function gan(preset, imageShape, batch) {
  return {
    name: `${preset} ${imageShape.join('x')}`,
    batch,
    imageShape,
    train: ({ images, labels }, device) =>
      new GAN({ seed: 1, preset, imageShape, ...(presets[preset].conditioning && { classes: 10 }), device }).train(
        { images, labels },
        { steps: 1, batchSize: batch },
      ),
  };
}

/** The graphs of what is compiled first on a device, which is the step of a training. It is not run. */
async function firstCompiled(train) {
  const device = createDevice('cuda');
  const compile = device.compile.bind(device);
  let graphs;
  device.compile = (program) => {
    const executable = compile(program);
    graphs ??= graphSteps.map((steps) => ({ steps, ...executable.graph(steps) }));
    return { ...executable, run: () => Promise.reject(new Error('a graph is looked at, not run')) };
  };
  await train(device).catch((error) => {
    if (graphs === undefined) throw error;
  });
  return graphs;
}

function data(count, imageShape) {
  const size = imageShape.reduce((product, dimension) => product * dimension, 1);
  return {
    images: tensor(new Uint8Array(count * size), [count, ...imageShape]),
    labels: tensor(
      Int32Array.from({ length: count }, (_, i) => i % 10),
      [count],
    ),
  };
}

const [only] = process.argv.slice(2);
const rows = [];
for (const { name, batch, imageShape = [28, 28, 1], train } of trainings) {
  if (only !== undefined && name.split(' ')[0] !== only) continue;
  const graphs = await firstCompiled((device) => train(data(batch, imageShape), device));
  rows.push(...graphs.map((graph) => ({ name, batch, ...graph })));
}
console.log(JSON.stringify(rows));
