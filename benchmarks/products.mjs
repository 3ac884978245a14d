// `npm run bench -- --products`: matrix products on one thread, as GFLOP/s and as a share of what the machine's registers
// can do, beside PyTorch and NumPy. A process each, which take turns over several rounds, as in run.mjs.
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

/** Every product that is timed. */
export const products = [...large, ...convolutions, ...dense];

/**
 * Rows of product and GFLOP/s, one column for each of `measure`: functions by name, which return the GFLOP/s of all
 * products. `measurePeak` is asked once a round.
 */
export function measureProducts(measurePeak, measure, rounds, progress) {
  const peaks = [];
  const figures = Object.fromEntries(Object.keys(measure).map((who) => [who, products.map(() => [])]));
  for (let number = 1; number <= rounds; number++) {
    peaks.push(measurePeak());
    for (const [who, run] of Object.entries(measure)) {
      progress(`round ${number}/${rounds}: ${who}`);
      run(products).forEach((gflops, i) => {
        figures[who][i].push(gflops);
      });
    }
  }
  progress('');
  const peak = median(peaks);
  const rows = products.map(({ what, form, shape }, i) => {
    const row = { what, form, m: shape[0], k: shape[1], n: shape[2] };
    for (const who of Object.keys(measure)) {
      const gflops = median(figures[who][i]);
      row[who] = round(gflops, 1);
      row[`${who} %`] = Math.round((100 * gflops) / peak);
    }
    return row;
  });
  return { peak, rows };
}
