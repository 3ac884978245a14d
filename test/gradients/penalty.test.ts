// A gradient penalty (Gulrajani et al., Improved Training of Wasserstein GANs, 2017) through the DCGAN's discriminator: its
// gradients with respect to the weights are second derivatives of convolutions.
import { expect, test } from '@jest/globals';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { dcganDiscriminator } from '../../lib/index';
import { logitsBehind } from '../../lib/losses/logits';
import { gradients } from '../../lib/ops/gradients';
import { affine, sqrt, square, sum } from '../../lib/ops/index';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';
import { RandomStream } from '../../lib/random/random-stream';

test('a gradient penalty through the DCGAN’s discriminator agrees with finite differences', async () => {
  const model = dcganDiscriminator({ imageShape: [28, 28, 1], seed: 3 });
  const device = new ReferenceDevice();
  const random = new RandomStream(4, 0);
  const normals = (length: number) => Float64Array.from({ length }, () => random.normal());

  const graph = new Graph();
  const image = new Variable({ name: 'image', shape: [1, 28, 28, 1], initial: () => Float32Array.from(normals(784)) });
  const x = graph.read(image);
  const logit = logitsBehind(model.recordOne(x, { training: false }), 'sigmoid')!;
  const [slope] = gradients([sum(logit)], [x]);
  const norm = sqrt(sum(square(slope!)));
  const penalty = square(affine(norm, 1, -1));
  const weights = model.trainableWeights;
  const found = gradients(
    [penalty],
    weights.map((weight) => graph.read(weight)),
  );
  graph.output('penalty', penalty);
  found.forEach((gradient, i) => {
    graph.output(`gradient ${i}`, gradient);
  });
  const executable = device.compile(buildProgram(graph));
  const { outputs } = await executable.runExact(1);

  const contents = await Promise.all(weights.map((weight) => weight.read(device)));
  const directions = contents.map(({ length }) => normals(length));
  const terms = directions.flatMap((direction, i) =>
    [...direction].map((d, j) => d * outputs.get(`gradient ${i}`)![j]!),
  );
  const derivative = terms.reduce((total, term) => total + term, 0);

  // So short a step that hardly a unit passes its kink; what remains is float64's rounding, 1e-16 / 1e-7 of the size.
  const step = 1e-7;
  const at = async (distance: number) => {
    for (const [i, weight] of weights.entries()) {
      const moved = Float64Array.from(contents[i]!, (value, j) => value + distance * directions[i]![j]!);
      await weight.on(device).write(moved as never);
    }
    return (await executable.runExact(1)).outputs.get('penalty')![0]!;
  };
  const difference = ((await at(step)) - (await at(-step))) / (2 * step);
  expect(Math.abs(derivative)).toBeGreaterThan(1e-3);
  expect(Math.abs(difference - derivative)).toBeLessThanOrEqual(1e-4 * Math.abs(derivative));
});
