// Which ops fusion joins, when it must not, and that it changes no result.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cpuFusions, cudaFusions } from '../../lib/devices/fusions';
import { createDevice } from '../../lib/devices/select';
import { recordStep } from '../../lib/gan/step';
import { optimizers, type Sequential, type TypedArray } from '../../lib/index';
import { type ActivationKind, activation, relu, tanh } from '../../lib/ops/activation';
import { activationGradient } from '../../lib/ops/activation-gradient';
import { assign } from '../../lib/ops/assign';
import { batchNorm } from '../../lib/ops/batch-norm';
import { add, multiply } from '../../lib/ops/binary';
import { conv2d, conv2dAt } from '../../lib/ops/conv2d';
import { conv2dGeometry } from '../../lib/ops/conv2d-geometry';
import { conv2dInputGradient } from '../../lib/ops/conv2d-input-gradient';
import { dropoutOp } from '../../lib/ops/dropout';
import { gradients } from '../../lib/ops/gradients';
import { matmul } from '../../lib/ops/matmul';
import { movingAverage } from '../../lib/ops/moving-average';
import { normalize } from '../../lib/ops/normalize';
import { reshape } from '../../lib/ops/reshape';
import { slice } from '../../lib/ops/slice';
import { sum } from '../../lib/ops/sum';
import { Graph } from '../../lib/program/graph';
import { apply } from '../../lib/program/op';
import { buildProgram } from '../../lib/program/program';
import type { Value } from '../../lib/program/value';
import { Variable } from '../../lib/program/variable';
import { RandomStream } from '../../lib/random/random-stream';
import { type Shape, sizeOf, type Tensor } from '../../lib/tensor';
import { smallDiscriminator, smallGenerator } from '../gan/small-gan';
import { stepParts, wholeStep } from '../gan/step-parts';
import { type Build, run, runExact } from '../support/run';

type Layer = (parts: { graph: Graph; x: Value; kernel: Value; bias: Value }) => Record<string, Value>;

/** The ops of a program with x [2, 3], kernel [3, 4] and bias [4]. */
function opsOf(layer: Layer, biasShape: Shape = [4], fusions = cudaFusions): string[] {
  const graph = new Graph();
  const read = (name: string, shape: Shape) => graph.read(new Variable({ name, shape }));
  const parts = { graph, x: read('x', [2, 3]), kernel: read('kernel', [3, 4]), bias: read('bias', biasShape) };
  for (const [name, value] of Object.entries(layer(parts))) graph.output(name, value);
  return buildProgram(graph, { fusions }).instructions.map(({ op }) => op);
}

describe('dense is made of', () => {
  test('matmul, bias and activation', () => {
    expect(opsOf(({ x, kernel, bias }) => ({ y: tanh(add(matmul(x, kernel), bias)) }))).toEqual(['dense']);
  });

  test('matmul and bias', () => {
    expect(opsOf(({ x, kernel, bias }) => ({ y: add(matmul(x, kernel), bias) }))).toEqual(['dense']);
  });

  test('bias and matmul, the other way round', () => {
    expect(opsOf(({ x, kernel, bias }) => ({ y: relu(add(bias, matmul(x, kernel))) }))).toEqual(['dense']);
  });

  test('matmul and bias alone, when the sum is wanted beside its activation', () => {
    const ops = opsOf(({ x, kernel, bias }) => {
      const logits = add(matmul(x, kernel), bias);
      return { logits, y: tanh(logits) };
    });
    expect(ops).toEqual(['dense', 'activation']);
  });
});

describe('no dense is made', () => {
  test('when the product is an output', () => {
    const ops = opsOf(({ x, kernel, bias }) => {
      const product = matmul(x, kernel);
      return { product, y: add(product, bias) };
    });
    expect(ops).toEqual(['matmul', 'binary']);
  });

  test('when the product has a second reader', () => {
    const ops = opsOf(({ x, kernel, bias }) => {
      const product = matmul(x, kernel);
      return { y: add(product, bias), z: tanh(product) };
    });
    expect(ops).toEqual(['matmul', 'binary', 'activation']);
  });

  test('when the product is added to itself', () => {
    const ops = opsOf(({ x, kernel }) => {
      const product = matmul(x, kernel);
      return { y: add(product, product) };
    });
    expect(ops).toEqual(['matmul', 'binary']);
  });

  test('when an operand is transposed', () => {
    const ops = opsOf(({ x, kernel, bias }) => ({
      y: add(matmul(x, reshape(kernel, [4, 3]), { transposeB: true }), bias),
    }));
    expect(ops).toEqual(['matmul', 'binary']);
  });

  test.each([[[1]], [[1, 4]], [[2, 4]], [[]]])('when the bias has the shape %j', (shape) => {
    expect(opsOf(({ x, kernel, bias }) => ({ y: add(matmul(x, kernel), bias) }), shape)).toEqual(['matmul', 'binary']);
  });

  test('when the kernel is updated in between, and the bias made: the product is that of the earlier kernel', () => {
    const ops = opsOf(({ x, kernel, bias }) => {
      const product = matmul(x, kernel);
      assign(kernel, multiply(kernel, kernel));
      return { y: add(product, multiply(bias, bias)) };
    });
    expect(ops).toEqual(['matmul', 'binary', 'assign', 'binary', 'binary']);
  });

  test('when the bias is updated in between: it was not there yet where the product is', () => {
    const ops = opsOf(({ x, kernel, bias }) => {
      const product = matmul(x, kernel);
      assign(kernel, multiply(kernel, kernel));
      const moved = assign(bias, multiply(bias, bias));
      return { y: add(product, moved) };
    });
    expect(ops).toEqual(['matmul', 'binary', 'assign', 'binary', 'assign', 'binary']);
  });

  test('for a device that fuses nothing', () => {
    const graph = new Graph();
    const read = (name: string, shape: Shape) => graph.read(new Variable({ name, shape }));
    graph.output('y', add(matmul(read('x', [2, 3]), read('kernel', [3, 4])), read('bias', [4])));
    const { instructions } = buildProgram(graph);
    expect(instructions.map(({ op }) => op)).toEqual(['matmul', 'binary']);
  });
});

test('dense takes the place of the product when the kernel is updated before the bias is added', () => {
  const ops = opsOf(({ x, kernel, bias }) => {
    const product = matmul(x, kernel);
    assign(kernel, multiply(kernel, kernel));
    return { y: add(product, bias) };
  });
  expect(ops).toEqual(['dense', 'binary', 'assign']);
});

describe('a batch normalisation', () => {
  const statistics = (graph: Graph) => {
    const read = (name: string) => graph.read(new Variable({ name, shape: [4] }));
    return { gamma: read('gamma'), beta: read('beta') };
  };

  test('joins the dense before it, whose result stays for others', () => {
    const ops = opsOf(({ graph, x, kernel, bias }) => {
      const { gamma, beta } = statistics(graph);
      const h = relu(add(matmul(x, kernel), bias));
      return { y: batchNorm(h, gamma, beta, 0.001).y, h, twice: add(h, h) };
    });
    expect(ops).toEqual(['denseBatchNorm', 'binary']);
  });

  test('does so where the dense begins when its result is read before', () => {
    const ops = opsOf(({ graph, x, kernel, bias }) => {
      const { gamma, beta } = statistics(graph);
      const h = relu(add(matmul(x, kernel), bias));
      const twice = add(h, h);
      return { twice, y: batchNorm(h, gamma, beta, 0.001).y };
    });
    expect(ops).toEqual(['denseBatchNorm', 'binary']);
  });

  test('does not when its gamma is made of what is read before', () => {
    const ops = opsOf(({ graph, x, kernel, bias }) => {
      const { beta } = statistics(graph);
      const h = relu(add(matmul(x, kernel), bias));
      const gamma = sum(h, [0]);
      return { y: batchNorm(h, gamma, beta, 0.001).y };
    });
    expect(ops).toEqual(['dense', 'sum', 'batchNorm']);
  });
});

describe('a batch normalisation on the cpu device', () => {
  interface Parts {
    readonly graph: Graph;
    readonly x: Value;
    readonly gamma: Value;
    readonly beta: Value;
  }
  const opsWith = (layer: (parts: Parts) => Record<string, Value>) => {
    const build: Layer = ({ graph, x }) => {
      const [gamma, beta] = ['gamma', 'beta'].map((name) => graph.read(new Variable({ name, shape: [3] })));
      return layer({ graph, x, gamma: gamma!, beta: beta! });
    };
    return opsOf(build, [4], cpuFusions);
  };

  test('joins the activation after it, before its statistics are used', () => {
    const ops = opsWith(({ graph, x, gamma, beta }) => {
      const { y, mean } = batchNorm(x, gamma, beta, 0.001);
      movingAverage(graph.read(new Variable({ name: 'moving mean', shape: [3] })), mean, 0.9);
      return { y: relu(y) };
    });
    expect(ops).toEqual(['batchNormActivation', 'movingAverage']);
  });

  test('does not when its result is wanted beside', () => {
    const ops = opsWith(({ x, gamma, beta }) => {
      const { y } = batchNorm(x, gamma, beta, 0.001);
      return { y, z: relu(y) };
    });
    expect(ops).toEqual(['batchNorm', 'activation']);
  });

  test('joins the slope of the activation in its gradient', () => {
    const ops = opsWith(({ x, gamma, beta }) => {
      const y = tanh(batchNorm(x, gamma, beta, 0.001).y);
      const [dx, dgamma] = gradients([y], [x, gamma]);
      return { dx: dx!, dgamma: dgamma! };
    });
    expect(ops).toEqual(['batchNormActivation', 'fill', 'batchNormActivationGradient']);
  });

  test('does not when its beta was updated since: the slope is that of the earlier one', () => {
    const ops = opsWith(({ x, gamma, beta }) => {
      const y = tanh(batchNorm(x, gamma, beta, 0.001).y);
      assign(beta, multiply(beta, beta));
      const [dx] = gradients([y], [x]);
      return { dx: dx! };
    });
    expect(ops).toEqual(['batchNormActivation', 'binary', 'assign', 'fill', 'activationGradient', 'batchNormGradient']);
  });

  test('does not when the slope is of something else', () => {
    const ops = opsWith(({ x, gamma, beta }) => {
      const { y } = batchNorm(x, gamma, beta, 0.001);
      const [dx] = gradients([tanh(add(y, x))], [x]);
      return { dx: dx! };
    });
    expect(ops).toEqual([
      'batchNorm',
      'binary',
      'activation',
      'fill',
      'activationGradient',
      'batchNormGradient',
      'binary',
    ]);
  });
});

describe('a convolution on the cpu device', () => {
  const opsWith = (end: (y: Value, parameters: readonly Value[]) => Record<string, Value>) =>
    opsOf(
      ({ graph }) => {
        const read = (name: string, shape: Shape) => graph.read(new Variable({ name, shape }));
        const y = conv2d(read('images', [2, 5, 5, 3]), read('taps', [3, 3, 3, 4]));
        return end(
          y,
          ['gamma', 'beta', 'mean', 'variance'].map((name) => read(name, [4])),
        );
      },
      [4],
      cpuFusions,
    );
  const normalized = (y: Value, [gamma, beta, mean, variance]: readonly Value[]) =>
    normalize(y, gamma!, beta!, mean!, variance!, 0.001);

  test('joins the slope that its gradient is multiplied by', () => {
    const ops = opsWith((y) => {
      const [images, taps] = y.node!.inputs;
      const h = relu(images!);
      return { dx: gradients([conv2d(h, taps!)], [images!])[0]! };
    });
    expect(ops).toEqual(['activation', 'fill', 'conv2dInputGradientActivationGradient']);
  });

  test('joins the normalisation and the activation after it', () => {
    expect(opsWith((y, parameters) => ({ y: relu(normalized(y, parameters)) }))).toEqual(['conv2dActivation']);
    expect(opsWith((y, parameters) => ({ y: normalized(y, parameters) }))).toEqual(['conv2dActivation']);
  });

  test('joins the bias alone where one comes before a normalisation', () => {
    const ops = opsWith((y, parameters) => ({ y: normalized(add(y, parameters[0]!), parameters) }));
    expect(ops).toEqual(['conv2dActivation', 'normalize']);
  });

  test('does not when its result is wanted beside, or is what something else is normalised by', () => {
    expect(opsWith((y, parameters) => ({ y, z: normalized(y, parameters) }))).toEqual(['conv2d', 'normalize']);
    const ops = opsWith((y, [gamma, beta, mean]) => {
      const variance = sum(y, [0, 1, 2]);
      return { y: normalized(reshape(gamma!, [1, 4]), [gamma!, beta!, mean!, variance]) };
    });
    expect(ops).toEqual(['conv2d', 'sum', 'normalize']);
  });
});

describe('the gradient of a product', () => {
  test('joins the slope of the activation before it, through reshapes', () => {
    const ops = opsOf(({ graph, x, kernel }) => {
      const h = tanh(x);
      const y = matmul(reshape(reshape(h, [3, 2]), [2, 3]), kernel);
      const [dx] = gradients([y], [x]);
      graph.output('dx', dx!);
      return {};
    });
    expect(ops).toEqual(['activation', 'fill', 'matmulActivationGradient']);
  });

  test('does not when it is wanted beside', () => {
    const ops = opsOf(({ x, kernel }) => {
      const h = tanh(x);
      const [dx, dh] = gradients([matmul(h, kernel)], [x, h]);
      return { dx: dx!, dh: dh! };
    });
    expect(ops).toEqual(['fill', 'matmul', 'elementSteps']);
  });
});

describe('fusion leaves the results as they are', () => {
  const kinds: [ActivationKind, number][] = [
    ['linear', 0],
    ['leakyRelu', 0.2],
    ['elu', 1],
    ['tanh', 0],
    ['sigmoid', 0],
    ['softplus', 0],
  ];
  const layers = fc.record({
    rows: fc.integer({ min: 1, max: 40 }),
    inputs: fc.integer({ min: 1, max: 70 }),
    units: fc.integer({ min: 1, max: 70 }),
    kind: fc.constantFrom(...kinds),
    seed: fc.nat(),
  });
  type DenseLayer = typeof layers extends fc.Arbitrary<infer Item> ? Item : never;

  /** Two layers of the same weights with their gradients, as training has them. */
  function training({ rows, inputs, units, kind, seed }: DenseLayer): { tensors: Tensor[]; build: Build } {
    const random = new RandomStream(seed, 0);
    const floats = (shape: Shape) => {
      return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()) };
    };
    return {
      tensors: [floats([rows, inputs]), floats([inputs, units]), floats([units]), floats([rows, units])],
      build: ([x, kernel, bias, weights]) => {
        const y = activation(add(matmul(x!, kernel!), bias!), ...kind);
        return [y, ...gradients([y], [kernel!, bias!], { seeds: [weights] })];
      },
    };
  }

  test('on the cpu device, to the bit: the bias is added after the whole sum in both', async () => {
    const device = createDevice('cpu', { threads: 2 });
    await fc.assert(
      fc.asyncProperty(layers, async (layer) => {
        const { tensors, build } = training(layer);
        expect(await run(device, tensors, build)).toEqual(await run(device, tensors, build, { fusion: false }));
      }),
      { numRuns: 30 },
    );
  });

  test.each(kinds)('on the cpu device, to the bit, where %s follows a batch normalisation', async (kind, alpha) => {
    const device = createDevice('cpu', { threads: 2 });
    // Column by column, and chunk by chunk.
    for (const rows of [40, 300]) {
      const random = new RandomStream(rows, 0);
      const floats = (shape: Shape) => ({
        shape,
        data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
      });
      const build: Build = ([x, gamma, beta, weights]) => {
        const y = activation(batchNorm(x!, gamma!, beta!, 0.001).y, kind, alpha);
        return [y, ...gradients([y], [x!, gamma!, beta!], { seeds: [weights] })];
      };
      const tensors = [floats([rows, 37]), floats([37]), floats([37]), floats([rows, 37])];
      expect(await run(device, tensors, build)).toEqual(await run(device, tensors, build, { fusion: false }));
    }
  });

  const strided = conv2dGeometry([9, 9], [4, 4], { strides: [2, 2], padding: 'same' });
  const normals = (shapes: readonly Shape[]) => {
    const random = new RandomStream(3, 0);
    return shapes.map((shape) => ({
      shape,
      data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    }));
  };

  test.each(kinds)('on the cpu device, to the bit, where %s follows a normalised convolution', async (kind, alpha) => {
    const device = createDevice('cpu', { threads: 2 });
    const build: Build = ([images, kernel, small, few, ...parameters]) => {
      const ends = (y: Value) => {
        const [gamma, beta, mean, variance] = parameters.map((values) => slice(values, [0], [y.shape.at(-1)!]));
        return activation(normalize(y, gamma!, beta!, mean!, variance!, 0.001), kind, alpha);
      };
      return [
        ends(conv2dAt(images!, kernel!, strided)),
        ...[kernel!, few!].map((taps) => ends(conv2dInputGradient(small!, taps, strided))),
      ];
    };
    const shapes = [[3, 9, 9, 37], [4, 4, 37, 37], [3, 5, 5, 37], [4, 4, 3, 37], [37], [37], [37], [37]];
    const tensors = normals(shapes).map(({ shape, data }) => ({ shape, data: data.map(Math.abs) }));
    expect(await run(device, tensors, build)).toEqual(await run(device, tensors, build, { fusion: false }));
  });

  test.each(kinds)('on the cpu device, to the bit, where a gradient goes back through %s', async (kind, alpha) => {
    const device = createDevice('cpu', { threads: 2 });
    const dropped = (x: Value) => apply(dropoutOp, [x], { seed: 5, stream: 1, rate: 0.3 })[0]!;
    const build: Build = ([small, kernel, few, wide, narrow]) => [
      activationGradient(conv2dInputGradient(small!, kernel!, strided), wide!, { kind, alpha }),
      activationGradient(conv2dInputGradient(small!, few!, strided), narrow!, { kind, alpha }),
      activationGradient(reshape(dropped(reshape(wide!, [3, 81 * 37])), wide!.shape), wide!, { kind, alpha }),
    ];
    const tensors = normals([
      [3, 5, 5, 37],
      [4, 4, 37, 37],
      [4, 4, 3, 37],
      [3, 9, 9, 37],
      [3, 9, 9, 3],
    ]);
    expect(await run(device, tensors, build)).toEqual(await run(device, tensors, build, { fusion: false }));
  });

  test('in the step of a whole GAN on the cpu device, to the bit', async () => {
    const device = createDevice('cpu');
    const train = async (fusion: boolean) => {
      const player = (model: Sequential) => {
        model.device = device;
        return { model, optimizer: optimizers.adam() };
      };
      const parts = stepParts({ generator: player(smallGenerator(1)), discriminator: player(smallDiscriminator(1)) });
      const program = buildProgram(recordStep(parts, wholeStep), fusion ? device : {});
      const { outputs } = await device.compile(program).run(5);
      const weights = await Promise.all(program.variables.map((variable) => variable.read(device)));
      return { ops: new Set(program.instructions.map(({ op }) => op)), results: [...outputs.values(), ...weights] };
    };
    const [fused, unfused] = [await train(true), await train(false)];
    const made = device.fusions.map(({ op }) => op.name).filter((op) => !/^(conv|batchNorm|dropout)/.test(op));
    expect([...fused.ops].filter((op) => !unfused.ops.has(op)).sort()).toEqual(made.sort());
    expect(fused.results).toHaveLength(unfused.results.length);
    const sorted = (results: TypedArray[]) => results.map((values) => values.join()).sort();
    expect(sorted(fused.results)).toEqual(sorted(unfused.results));
  });

  test('when a weight is updated between two uses', async () => {
    const tensors = [
      { shape: [1, 2], data: Float32Array.of(1, 2) },
      { shape: [2, 1], data: Float32Array.of(3, -1) },
      { shape: [1], data: Float32Array.of(10) },
    ];
    const build: Build = ([x, kernel, bias]) => {
      const before = matmul(x!, kernel!);
      const moved = assign(kernel!, add(kernel!, kernel!));
      return [add(before, bias!), add(matmul(x!, moved), bias!)];
    };
    for (const fusion of [true, false]) {
      const found = await runExact(tensors, build, { fusion });
      expect(found.map((value) => [...value])).toEqual([[11], [12]]);
    }
  });
});
