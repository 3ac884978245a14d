// Layers that users write: weights, modes, shapes, wrappers, the registry of classes, and what is refused.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  type CallOptions,
  GAN,
  input,
  Layer,
  type LayerOptions,
  layers,
  loadModel,
  type Model,
  model,
  ops,
  optimizers,
  registerClass,
  Sequential,
  type Shape,
  type SymbolicTensor,
  tensor,
  type Value,
  Wrapper,
} from '../../lib/index';
import { WeightStreams } from '../../lib/layers/layer';
import { scratchFolder } from '../gan/scratch';
import { contents, normalTensor } from '../models/small-models';
import { error } from '../support/errors';

class Scale extends Layer {
  static override readonly className: string = 'TestScale';

  protected override createWeights([inputShape]: readonly [Shape]): void {
    this.addWeight('factor', [inputShape.at(-1)!], 'ones');
  }

  override call([x]: readonly [Value]): Value {
    return ops.multiply(x, this.weight('factor', x));
  }
}
registerClass(Scale);

class Centering extends Layer {
  static override readonly className = 'TestCentering';

  protected override createWeights([inputShape]: readonly [Shape]): void {
    this.addWeight('mean', inputShape, 'zeros', { trainable: false });
  }

  override call([x]: readonly [Value], options: CallOptions): Value {
    const moving = this.weight('mean', x);
    if (!options.training) return ops.subtract(x, moving);
    const mean = ops.mean(x, [0]);
    if (this.isMoved('mean', options)) ops.movingAverage(moving, mean, 0.5);
    return ops.subtract(x, mean);
  }
}

class Doubled extends Wrapper {
  static override readonly className = 'TestDoubled';

  override call([x]: readonly [Value], options: CallOptions): Value | readonly Value[] {
    return this.layer.callWithWeights([x], options, { kernel: ops.affine(this.layer.weight('kernel', x), 2) });
  }
}
registerClass(Doubled);

const compiled = (made: Model) => {
  made.compile({ optimizer: optimizers.sgd({ learningRate: 0.5 }), loss: 'meanSquaredError' });
  return made;
};

describe('a layer with weights', () => {
  test('is built by a stack, trains in it, and loads again', async () => {
    const stack = new Sequential({ layers: [layers.dense({ units: 2, inputShape: [3] }), new Scale()], seed: 1 });
    expect(stack.outputShape).toEqual([2]);
    expect(stack.namedWeights.map(([name]) => name)).toEqual(['dense/kernel', 'dense/bias', 'test_scale/factor']);
    await compiled(stack).fit(normalTensor([8, 3]), normalTensor([8, 2]));
    expect((await contents(stack))[2]).not.toEqual(Float32Array.of(1, 1));
    const path = join(scratchFolder(), 'scale.safetensors');
    await stack.save(path);
    expect(await contents(await loadModel(path))).toEqual(await contents(stack));
  });

  test('may look at a weight of its own only', () => {
    class Wrong extends Scale {
      override call([x]: readonly [Value]): Value {
        return this.weight('fcator', x);
      }
    }
    expect(() => new Wrong({ name: 'w' }).apply(input({ shape: [2] }))).toThrow(
      error('CUDA_GAN_VALUE', 'w: a weight of layer "w" is "fcator"; allowed are factor'),
    );
  });

  test('says what it reads a weight for', () => {
    class Wrong extends Scale {
      override call([x]: readonly [Value]): Value {
        return ops.multiply(x, (this.weight as (name: string) => Value)('factor'));
      }
    }
    expect(() => new Wrong({ name: 'w' }).apply(input({ shape: [2] }))).toThrow(
      error('CUDA_GAN_VALUE', 'w: what follows the name in weight() of layer "w" is undefined; allowed are Values'),
    );
  });

  test('makes no two of one name', () => {
    class Wrong extends Scale {
      protected override createWeights([inputShape]: readonly [Shape]): void {
        this.addWeight('factor', inputShape, 'ones');
        this.addWeight('factor', inputShape, 'zeros');
      }
    }
    const wanted = error('CUDA_GAN_VALUE', 'it makes two weights called "factor"; each needs a name of its own');
    expect(() => new Wrong().apply(input({ shape: [2] }))).toThrow(wanted);
    expect(() => new Wrong().build([2], new WeightStreams(1))).toThrow(wanted);
  });

  test('takes no options of it that there are not', () => {
    class Wrong extends Scale {
      protected override createWeights([inputShape]: readonly [Shape]): void {
        this.addWeight('factor', inputShape, 'ones', { trainabel: false } as never);
      }
    }
    expect(() => new Wrong().apply(input({ shape: [2] }))).toThrow(
      error('CUDA_GAN_VALUE', 'addWeight: unknown option "trainabel"; did you mean "trainable"?'),
    );
  });

  test('shares it between its places', () => {
    const scale = new Scale();
    for (let place = 0; place < 2; place++) scale.apply(input({ shape: [2] }));
    expect(scale.weights).toHaveLength(1);
  });

  test('that reads it from before its update is told to read it again', async () => {
    class Wrong extends Centering {
      override call([x]: readonly [Value], options: CallOptions): Value {
        const moving = this.weight('mean', x);
        if (options.training) ops.movingAverage(moving, ops.mean(x, [0]), 0.5);
        return ops.subtract(x, moving);
      }
    }
    const x = input({ shape: [1] });
    const wrong = new Wrong({ name: 'w' });
    const made = compiled(model({ inputs: x, outputs: layers.dense({ units: 1 }).apply(wrong.apply(x)) }));
    await expect(made.trainOnBatch(tensor([[4], [6]]), tensor([[0], [0]]))).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'subtract reads "w/mean" as it was before its update: read it again after that'),
    );
  });

  test('that could not be built has none, and can be built for other samples', () => {
    const scale = new Scale();
    expect(() => scale.apply(input({ shape: [] }))).toThrow(
      error('CUDA_GAN_VALUE', 'a dimension of shape is undefined'),
    );
    expect([scale.built, scale.weights]).toEqual([false, []]);
    scale.apply(input({ shape: [2] }));
    expect(scale.weights).toHaveLength(1);
  });
});

test('statistics move in training, and not in inference or where the layer is frozen', async () => {
  for (const [trainable, wanted] of [
    [true, 2.5],
    [false, 0],
  ] as const) {
    const x = input({ shape: [1] });
    const centering = new Centering({ trainable });
    const made = compiled(model({ inputs: x, outputs: layers.dense({ units: 1 }).apply(centering.apply(x)) }));
    await made.trainOnBatch(tensor([[4], [6]]), tensor([[0], [0]]));
    await made.predict(tensor([[4], [6]]));
    expect(await centering.weights[0]!.read(made.device)).toEqual(Float32Array.of(wanted));
    expect(centering.trainableWeights).toEqual([]);
  }
});

describe('shapes', () => {
  class Halves extends Layer {
    override call([x]: readonly [Value]): readonly Value[] {
      const [batch, channels] = x.shape as [number, number];
      return [0, channels / 2].map((begin) => ops.slice(x, [0, begin], [batch, channels / 2]));
    }
  }

  test('follow from call', () => {
    const outputs = new Halves().apply<SymbolicTensor[]>(input({ shape: [6] }));
    expect(outputs.map(({ shape, dtype }) => [shape, dtype])).toEqual([
      [[3], 'float32'],
      [[3], 'float32'],
    ]);
  });

  test('of several outputs go their ways in a model', async () => {
    const x = input({ shape: [4] });
    const [left, right] = new Halves().apply<SymbolicTensor[]>(x);
    const made = model({ inputs: x, outputs: layers.concatenate().apply([right!, left!]) });
    expect((await made.predict(tensor([[1, 2, 3, 4]]))).data).toEqual(Float32Array.of(3, 4, 1, 2));
  });

  test('by a rule that says something else are an error', () => {
    class Wrong extends Halves {
      override computeOutputShape(): readonly Shape[] {
        return [[1], [2]];
      }
    }
    expect(() => new Wrong({ name: 'w' }).apply(input({ shape: [6] }))).toThrow(
      error('CUDA_GAN_SHAPE', 'w: computeOutputShape says [1] and [2], but call makes samples of [3] and [3]'),
    );
  });

  test('without the batch are an error', () => {
    class Total extends Layer {
      override call([x]: readonly [Value]): Value {
        return ops.sum(x);
      }
    }
    expect(() => new Total({ name: 't' }).apply(input({ shape: [6] }))).toThrow(
      error('CUDA_GAN_SHAPE', 't: layer "t" made [] of a batch of 2; the first dimension must stay'),
    );
  });

  test.each([3, undefined, tensor([1, 2])])('ops take Values, and not %p', (wrong) => {
    class Wrong extends Layer {
      override call([x]: readonly [Value]): Value {
        return ops.multiply(x, wrong as never);
      }
    }
    expect(() => new Wrong({ name: 'w' }).apply(input({ shape: [6] }))).toThrow(
      error('CUDA_GAN_VALUE', 'w: input 2 of multiply is '),
    );
  });

  test.each([undefined, 3, [3], 'x'])('a result of %p is none', (result) => {
    class Wrong extends Layer {
      override call(): Value {
        return result as unknown as Value;
      }
    }
    const wanted = error('CUDA_GAN_VALUE', 'layer "w" returned ');
    expect(() => new Wrong({ name: 'w' }).apply(input({ shape: [6] }))).toThrow(wanted);
    expect(() => new Wrong({ name: 'w' }).build([6], new WeightStreams(1))).toThrow(wanted);
  });
});

/** Calls what it is given within its own call. */
class Calling extends Layer {
  static override readonly className = 'TestCalling';
  readonly #inner: Layer;

  constructor(inner: Layer, options?: LayerOptions) {
    super(options);
    this.#inner = inner;
  }

  override call(inputs: readonly Value[], options: CallOptions): Value | readonly Value[] {
    return this.#inner.call(inputs, options);
  }
}

describe('a layer that reads weights which are not its own', () => {
  const inner = () => new Sequential({ name: 'inner', layers: [layers.dense({ units: 2, inputShape: [3] })], seed: 2 });
  const [x, y] = [normalTensor([8, 3]), normalTensor([8, 2])];
  const message = (name: string) =>
    error(
      'CUDA_GAN_VALUE',
      `layer "p" reads the weight "dense/kernel", which no layer of model "${name}" has: it would be neither trained nor saved. ` +
        'Make "p" a Wrapper of the layer that it calls, or apply that layer in the model',
    );
  const stacked = (layer: Layer) => new Sequential({ name: 'm', layers: [layer] });
  const connected = (layer: Layer) => {
    const value = input({ shape: [3] });
    return model({ name: 'm', inputs: value, outputs: layer.apply(value) });
  };

  test.each([
    ['stack', stacked],
    ['functional model', connected],
    ['model within a model', (layer: Layer) => connected(stacked(layer))],
  ])('of a %s is an error when that is used, trained or saved', async (_, modelOf) => {
    const made = compiled(modelOf(new Calling(inner(), { name: 'p', inputShape: [3] })));
    const path = join(scratchFolder(), 'p.safetensors');
    for (const call of [
      () => made.predict(x),
      () => made.fit(x, y),
      () => made.evaluate(x, y),
      () => made.trainOnBatch(x, y),
      () => made.testOnBatch(x, y),
      () => made.save(path),
    ]) {
      await expect(call()).rejects.toThrow(message('m'));
    }
    expect(existsSync(path)).toBe(false);
  });

  test('is an error too where it says its shapes itself, or calls with options of its own', async () => {
    class Ruled extends Calling {
      override computeOutputShape(): Shape {
        return [2];
      }

      override call(inputs: readonly Value[]): Value | readonly Value[] {
        return super.call(inputs, { training: false });
      }
    }
    const made = stacked(new Ruled(inner(), { name: 'p', inputShape: [3] }));
    await expect(made.save(join(scratchFolder(), 'p.safetensors'))).rejects.toThrow(message('m'));
    await expect(made.predict(x)).rejects.toThrow(message('m'));
  });

  test('is an error in a GAN', async () => {
    const generator = new Sequential({ layers: [new Calling(inner(), { name: 'p', inputShape: [3] })], name: 'g' });
    const discriminator = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
    const gan = new GAN({ generator, discriminator });
    await expect(gan.generate(1)).rejects.toThrow(message('g'));
    await expect(gan.train(normalTensor([4, 2]), { steps: 1, batchSize: 2 })).rejects.toThrow(message('g'));
  });

  test('may read those of another layer of the model, which trains by both', async () => {
    const encoder = layers.dense({ units: 3, useBias: false, inputShape: [3], name: 'encoder' });
    class Tied extends Layer {
      override call([code]: readonly [Value]): Value {
        return ops.matmul(code, encoder.weight('kernel', code), { transposeB: true });
      }
    }
    const made = compiled(new Sequential({ layers: [encoder, new Sequential({ layers: [new Tied()] })], seed: 1 }));
    expect(made.countParams()).toBe(9);
    const before = await contents(made);
    await made.fit(x, x);
    expect(await contents(made)).not.toEqual(before);
    await made.save(join(scratchFolder(), 'tied.safetensors'));

    const [value, code] = [input({ shape: [3] }), input({ shape: [3] })];
    const decoder = model({ inputs: code, outputs: new Tied().apply(code), name: 'decoder' });
    const whole = model({ inputs: value, outputs: decoder.apply(encoder.apply(value)) });
    expect(await whole.predict(x)).toEqual(await made.predict(x));
    await expect(decoder.predict(x)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'layer "tied" reads the weight "encoder/kernel", which no layer of model "decoder" has'),
    );
  });
});

describe('a wrapper', () => {
  const wrapped = () => new Doubled({ layer: layers.dense({ units: 2, useBias: false }), inputShape: [3] });

  test('calls the layer within with other weights, through which it trains', async () => {
    const [doubled, plain] = [
      new Sequential({ layers: [wrapped()], seed: 1 }),
      new Sequential({ layers: [layers.dense({ units: 2, useBias: false, inputShape: [3] })], seed: 1 }),
    ];
    expect(doubled.namedWeights.map(([name]) => name)).toEqual(['test_doubled/dense/kernel']);
    expect(await contents(doubled)).toEqual(await contents(plain));
    const x = normalTensor([4, 3]);
    const [twice, once] = [await doubled.predict(x), await plain.predict(x)];
    expect(twice.data).toEqual(once.data.map((value) => 2 * value));
    // d/dkernel of a function of 2 · kernel is twice that function's gradient; targets of 2 y make it the same loss times 4.
    const y = normalTensor([4, 2]);
    await compiled(plain).trainOnBatch(x, y);
    const before = await contents(doubled);
    await compiled(doubled).trainOnBatch(
      x,
      tensor(
        y.data.map((value) => 2 * value),
        y.shape,
      ),
    );
    const [moved, reference] = [await contents(doubled), await contents(plain)];
    moved[0]!.forEach((value, i) => {
      const [start, wanted] = [before[0]![i]!, reference[0]![i]!];
      expect(Math.abs(value - start - 4 * (wanted - start))).toBeLessThanOrEqual(1e-5);
    });
  });

  test.each<[string, (x: Value, wrapper: Wrapper) => object, string]>([
    [
      'a name that there is not',
      (x) => ({ krnl: ops.affine(x, 2) }),
      'a weight of layer "d" is "krnl"; allowed are kernel, bias',
    ],
    ['no Value', () => ({ kernel: 2 }), 'callWithWeights of layer "d": kernel is 2; allowed are Values of float32'],
    ['nothing', () => ({ kernel: undefined }), 'callWithWeights of layer "d": kernel is undefined'],
    [
      'a list',
      (x) => [x],
      'callWithWeights of layer "d": weights is [an object]; allowed are objects of Values by name',
    ],
    [
      'another shape',
      (x) => ({ kernel: ops.fill(x.graph, [3, 1], 1) }),
      'callWithWeights of layer "d": kernel has shape [3, 1]; wanted is the weight\'s, [3, 2]',
    ],
  ])('calls with %s in place of a weight: refused', (_, weights, message) => {
    class Wrong extends Wrapper {
      override call([x]: readonly [Value], options: CallOptions): Value | readonly Value[] {
        return this.layer.callWithWeights([x], options, weights(x, this) as Record<string, Value>);
      }
    }
    const wrong = new Wrong({ layer: layers.dense({ units: 2, name: 'd' }), name: 'w' });
    expect(() => wrong.apply(input({ shape: [3] }))).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`w: ${message}`) }),
    );
  });

  test('is made again from its config, freezes with the layer within, and takes nothing else', async () => {
    const stack = new Sequential({ layers: [wrapped()], seed: 1 });
    const again = Sequential.fromConfig(JSON.parse(JSON.stringify(stack.getConfig())));
    expect(await contents(again)).toEqual(await contents(stack));
    expect(again.layers[0]).toBeInstanceOf(Doubled);
    expect(again.trainableWeights).toHaveLength(1);
    (again.layers[0] as Doubled).layer.trainable = false;
    expect([again.trainableWeights, again.movingWeights]).toEqual([[], []]);
    expect(() => new Doubled({ layer: 3 as never })).toThrow(error('CUDA_GAN_VALUE', 'layer is 3; allowed are layers'));
    const built = stack.layers[0]!;
    expect(() => new Doubled({ layer: built })).toThrow(error('CUDA_GAN_STATE', 'is part of a model already'));
  });
});

class Plain extends Wrapper {
  static override readonly className = 'TestPlain';

  override call(inputs: readonly Value[], options: CallOptions): Value | readonly Value[] {
    return this.layer.call(inputs, options);
  }
}
registerClass(Plain);

describe('a wrapper of a model', () => {
  const dense = (options: LayerOptions = {}) => layers.dense({ units: 2, ...options });
  const functional = () => {
    const x = input({ shape: [3] });
    return model({ inputs: x, outputs: dense().apply(x), seed: 3 });
  };
  const models: readonly (readonly [string, () => Model])[] = [
    ['a stack that is built', () => new Sequential({ layers: [dense({ inputShape: [3] })], seed: 3 })],
    ['a stack that is not built', () => new Sequential({ layers: [dense()] })],
    ['a functional model', functional],
  ];
  const [x, y] = [normalTensor([8, 3]), normalTensor([8, 2])];

  test.each(models)('of %s has its weights, trains them, and loads again', async (_, within) => {
    const inner = within();
    const stack = compiled(new Sequential({ layers: [new Plain({ layer: inner, inputShape: [3] })], seed: 1 }));
    expect(stack.namedWeights.map(([name]) => name)).toEqual([
      `test_plain/${inner.name}/dense/kernel`,
      `test_plain/${inner.name}/dense/bias`,
    ]);
    const before = await contents(stack);
    expect(await stack.predict(x)).toEqual(await inner.predict(x));
    await stack.fit(x, y);
    expect((await contents(stack)).map((values, i) => values.some((value, k) => value !== before[i]![k]))).toEqual([
      true,
      true,
    ]);
    const path = join(scratchFolder(), 'plain.safetensors');
    await stack.save(path);
    const loaded = await loadModel(path);
    expect(await contents(loaded)).toEqual(await contents(stack));
    expect(await loaded.predict(x)).toEqual(await stack.predict(x));
  });

  test("a stack that is not built draws its weights from the outer model's seed", async () => {
    const made = () => new Sequential({ layers: [new Plain({ layer: models[1]![1](), inputShape: [3] })], seed: 1 });
    expect(await contents(made())).toEqual(await contents(made()));
    const nested = new Sequential({ layers: [new Sequential({ layers: [dense({ inputShape: [3] })] })], seed: 1 });
    expect((await contents(made()))[0]).toHaveLength((await contents(nested))[0]!.length);
  });

  test('knows the shape of its samples where that knows it, and as many inputs', () => {
    expect(new Sequential({ layers: [new Plain({ layer: functional() })] }).outputShape).toEqual([2]);
    const [a, b] = [input({ shape: [3] }), input({ shape: [3] })];
    const sum = new Plain({ layer: model({ inputs: [a, b], outputs: layers.add().apply([a, b]) }), name: 'sum' });
    expect(sum.apply([input({ shape: [3] }), input({ shape: [3] })]).shape).toEqual([3]);
    expect(() => sum.apply(input({ shape: [3] }))).toThrow(
      error('CUDA_GAN_VALUE', 'sum: model "functional" takes 2 inputs'),
    );
  });

  test('is refused where the model is part of something already', () => {
    const refused = (layer: Layer, owner: string) =>
      expect(() => new Plain({ layer })).toThrow(
        error('CUDA_GAN_STATE', `layer "${layer.name}" is part of ${owner} already; wrap one of its own`),
      );
    const [wrapped, stacked, applied] = [functional(), functional(), functional()];
    new Plain({ layer: wrapped });
    new Sequential({ layers: [stacked], name: 'outer' });
    applied.apply(input({ shape: [3] }));
    refused(wrapped, 'a wrapper');
    refused(stacked, 'model "outer"');
    refused(applied, 'a graph of layers');
  });

  test('keeps it from growing, from being a part of itself, and in training from being disposed of', async () => {
    const inner = new Sequential({ layers: [dense({ inputShape: [3] })], name: 'inner' });
    const wrapper = new Plain({ layer: inner });
    expect(() => inner.add(wrapper)).toThrow(error('CUDA_GAN_VALUE', 'model "inner" cannot be a part of itself'));
    expect(() => inner.add(dense())).toThrow(error('CUDA_GAN_STATE', 'model "inner" is part of a wrapper already'));
    const outer = compiled(new Sequential({ layers: [wrapper] }));
    const training = outer.fit(x, y);
    expect(() => inner.dispose()).toThrow(error('CUDA_GAN_BUSY', 'model "inner" is in training'));
    await training;
    inner.dispose();
  });

  test('lives on the device of the model around it', () => {
    const inner = functional();
    const outer = new Sequential({ layers: [new Plain({ layer: inner })] });
    outer.device = 'reference';
    expect(inner.device.name).toBe('reference');
  });

  test('spectral normalisation wraps its layers one by one', () => {
    const normalized = layers.spectralNormalization({ layer: functional(), name: 's' });
    expect(() => normalized.apply(input({ shape: [3] }))).toThrow(
      error(
        'CUDA_GAN_VALUE',
        's: spectralNormalization needs a layer with a kernel, and a Functional has none of its own: wrap the layers within it one by one',
      ),
    );
  });
});

describe('registerClass', () => {
  test('takes a class once, or again', () => {
    registerClass(Scale);
    class Other extends Layer {
      static override readonly className = 'TestScale';
      override call([x]: readonly [Value]): Value {
        return x;
      }
    }
    expect(() => registerClass(Other)).toThrow(
      error('CUDA_GAN_VALUE', 'registerClass: there is another class of layers called "TestScale"'),
    );
  });

  test('wants a name of the class itself', () => {
    class Inherits extends Scale {}
    expect(new Inherits().className).toBe('Inherits');
    expect(() => registerClass(Inherits)).toThrow(
      error('CUDA_GAN_VALUE', 'registerClass: the class Inherits has no static className of its own'),
    );
  });

  test.each([
    ['3', 3],
    ['null', null],
    ['undefined', undefined],
    ['a function', () => 1],
    ['the class Plain', class Plain {}],
    ['an object', new Scale()],
  ])('refuses %s, which is no class of layers', (found, wrong) => {
    expect(() => registerClass(wrong as never)).toThrow(
      error('CUDA_GAN_VALUE', `registerClass: ${found} is no class that extends Layer`),
    );
  });

  test('is asked for where a file holds an unknown class', async () => {
    class Unregistered extends Scale {
      static override readonly className = 'TestUnregistered';
    }
    const stack = new Sequential({ layers: [new Unregistered({ inputShape: [2] })] });
    const path = join(scratchFolder(), 'unregistered.safetensors');
    await stack.save(path);
    await expect(loadModel(path)).rejects.toThrow(
      error('CUDA_GAN_FILE', `${path} does not fit: unknown layer "TestUnregistered"; allowed are Activation, Add, `),
    );
    await expect(loadModel(path)).rejects.toThrow(error('CUDA_GAN_FILE', 'once registerClass was called for them'));
  });
});

describe('a config that a file would not keep is refused at save, and nothing is written', () => {
  class Configured extends Scale {
    static override readonly className = 'TestConfigured';
    constructor(readonly options: unknown) {
      super({ name: 'c', inputShape: [2] });
    }
    override getConfig() {
      return { ...super.getConfig(), options: this.options };
    }
  }
  class Own {}
  const cycle: unknown[] = [];
  cycle.push([cycle]);

  test.each<[string, unknown, string]>([
    ['a function', (x: number) => x, ': options is a function; allowed are texts, finite numbers, true, false, null'],
    ['a function within', { list: [1, { fn: Math.max }] }, ': options.list[1].fn is the function max; allowed are'],
    ['a Map', new Map(), ': options is a Map'],
    ['a date', new Date(0), ': options is a Date'],
    ['a typed array', new Float32Array(2), ': options is a Float32Array'],
    ['an instance of a class', new Own(), ': options is an object; allowed are'],
    ['a layer', layers.flatten(), ': options is an object; allowed are'],
    ['a BigInt', 3n, ': options is 3n'],
    ['NaN', [Number.NaN], ': options[0] is NaN'],
    ['a hole', new Array(1), ': options[0] is undefined'],
    ['a list that contains itself', cycle, ': options[0][0] contains itself'],
  ])('%s', async (_, options, message) => {
    const wanted = error('CUDA_GAN_VALUE', `getConfig of layer "c" (TestConfigured)${message}`);
    const path = join(scratchFolder(), 'configured.safetensors');
    await expect(new Sequential({ layers: [new Configured(options)] }).save(path)).rejects.toThrow(wanted);
    const x = input({ shape: [2] });
    await expect(model({ inputs: x, outputs: new Configured(options).apply(x) }).save(path)).rejects.toThrow(wanted);
    expect(existsSync(path)).toBe(false);
  });

  test('of a layer within a wrapper, too', async () => {
    const path = join(scratchFolder(), 'wrapped.safetensors');
    const wrapped = new Doubled({ layer: layers.dense({ units: 2, inputShape: [2] }), name: 'w' });
    wrapped.layer.getConfig = () => ({ units: () => 2 });
    await expect(new Sequential({ layers: [wrapped] }).save(path)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'getConfig of layer "w" (TestDoubled): layer.config.units is the function units'),
    );
  });

  test('and nothing that is none', async () => {
    const path = join(scratchFolder(), 'none.safetensors');
    const configured = new Configured(1);
    configured.getConfig = () => undefined as never;
    await expect(new Sequential({ layers: [configured] }).save(path)).rejects.toThrow(
      error(
        'CUDA_GAN_VALUE',
        'the result of getConfig of layer "c" (TestConfigured) is undefined; allowed are objects',
      ),
    );
  });

  test('plain data is kept, and what is undefined is not given', async () => {
    const options = { list: [1, 'a', null, true, [{}]], none: undefined, bare: Object.create(null) };
    const path = join(scratchFolder(), 'plain.safetensors');
    await new Sequential({ layers: [new Configured(options)] }).save(path);
    expect(existsSync(path)).toBe(true);
  });
});
