// The generator of PyTorch's DCGAN tutorial with the weights of its state dict. In Python:
//   from safetensors.torch import save_file
//   save_file(netG.state_dict(), 'generator.safetensors')
// Then: node pytorch-weights.mjs generator.safetensors [latent size] [width]
import { layers, Sequential, saveGrid, tensor } from 'cuda-gan';

const [path, latent = '100', width = '64'] = process.argv.slice(2);
const z = Number(latent);
const ngf = Number(width);

const up = (filters, options) => [
  layers.conv2dTranspose({ filters, kernelSize: 4, useBias: false, ...options }),
  // PyTorch's epsilon; Keras' and ours is larger.
  layers.batchNormalization({ epsilon: 1e-5, momentum: 0.9 }),
  layers.reLU(),
];
const generator = new Sequential({
  layers: [
    ...up(ngf * 8, { inputShape: [1, 1, z] }),
    ...up(ngf * 4, { strides: 2, padding: 'same' }),
    ...up(ngf * 2, { strides: 2, padding: 'same' }),
    ...up(ngf, { strides: 2, padding: 'same' }),
    layers.conv2dTranspose({
      filters: 3,
      kernelSize: 4,
      strides: 2,
      padding: 'same',
      useBias: false,
      activation: 'tanh',
    }),
  ],
});

// The tutorial counts all layers of its stack, those without weights too: main.0 is a convolution, main.1 its normalisation.
const weighted = generator.layers.filter(({ weights }) => weights.length > 0);
const numbers = weighted.map((_, i) => 3 * Math.floor(i / 2) + (i % 2));
const names = Object.fromEntries(weighted.map(({ name }, i) => [name, `main.${numbers[i]}`]));
await generator.loadWeights(path, { names, layout: 'pytorch' });

const noise = Float32Array.from(
  { length: 64 * z },
  () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()),
);
const images = await generator.predict(tensor(noise, [64, 1, 1, z]));
await saveGrid('pytorch.png', images, { rows: 8, columns: 8, range: [-1, 1] });
console.log('pytorch.png has 64 images of it');
