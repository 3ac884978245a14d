// `npm run bench -- --products`: matrix products on one thread, as GFLOP/s and as a share of what the machine's registers
// can do, beside PyTorch and NumPy. A process each, which take turns at every product, over several rounds: a machine that
// others use too changes its speed from second to second.
import { median, round } from './figures.mjs';

// A·B as [m, k, n]; 't' for a factor that is stored transposed.
const large = [
  [512, 784, 512],
  [1024, 1024, 1024],
].flatMap((shape) => ['nn', 'nt', 'tn', 'tt'].map((form) => ({ what: 'large', form, shape })));
const convolutions = [
  ['nn', [12544, 1600, 64]],
  ['nn', [3136, 1600, 128]],
  ['nn', [2048, 576, 64]],
  ['tn', [1600, 12544, 64]],
].map(([form, shape]) => ({ what: 'convolution', form, shape }));

/** The layers of the article's networks, [in, out]: the generator's, then the discriminator's. */
const layers = [
  [100, 256],
  [256, 512],
  [512, 1024],
  [1024, 784],
  [784, 512],
  [512, 256],
  [256, 1],
];
const dense = [32, 128, 512].flatMap((batch) =>
  layers.flatMap(([from, to]) => [
    { what: 'forward', form: 'nn', shape: [batch, from, to] },
    { what: 'input gradient', form: 'nt', shape: [batch, to, from] },
    { what: 'weight gradient', form: 'tn', shape: [from, batch, to] },
  ]),
);

const products = [...large, ...convolutions, ...dense];

/**
 * Rows of product and GFLOP/s, one column for each of `dialogues`: processes by name, which answer a product with the GFLOP/s.
 * `measurePeak` is asked once a round.
 */
export async function measureProducts(measurePeak, dialogues, rounds, progress) {
  const names = Object.keys(dialogues);
  const peaks = [];
  const figures = products.map(() => Object.fromEntries(names.map((name) => [name, []])));
  for (let number = 1; number <= rounds; number++) {
    peaks.push(measurePeak());
    for (const [i, { form, shape }] of products.entries()) {
      progress(`round ${number}/${rounds}: ${form} ${shape.join(' x ')}`);
      for (const name of names) figures[i][name].push(await dialogues[name].ask({ form, shape }));
    }
  }
  progress('');
  for (const name of names) dialogues[name].end();
  const peak = median(peaks);
  const rows = products.map(({ what, form, shape }, i) => {
    const row = { what, form, m: shape[0], k: shape[1], n: shape[2] };
    for (const name of names) {
      const gflops = median(figures[i][name]);
      row[name] = round(gflops, 1);
      row[`${name} %`] = Math.round((100 * gflops) / peak);
    }
    return row;
  });
  return { peak, rows };
}
