// Images from noise: which noise, which classes, and the programs that make them.
import { kindOf, notAllowed, seedNumber, wholeNumberIn } from '../checks.js';
import type { Device } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import { requireSamples } from '../models/data.js';
import type { Model, Prediction } from '../models/model.js';
import { ProgramCache } from '../models/program-cache.js';
import { checkOptions, type OptionNames } from '../options.js';
import { CompiledProgram } from '../program/compiled-program.js';
import { Graph } from '../program/graph.js';
import { Variable } from '../program/variable.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import { createTypedArray, type OwnFloat32Array, requireTensor, type Tensor, tensor } from '../tensor.js';
import { makeImages, noiseFor, takesLabels } from './players.js';

export interface GenerateOptions {
  /** Which noise: the same number gives the same images. Default: 0 at the first call, then 1, … */
  readonly seed?: number | undefined;
  /** The noise itself, [count, latentDim] float32, in place of random noise. */
  readonly noise?: Tensor<Float32Array> | undefined;
  /**
   * No noise beyond this, from 0.01 on: each number is drawn again until it is within ±truncation. Below 1 images are more alike, and most
   * of them better (Brock et al., Large Scale GAN Training, 2019). Default: none.
   */
  readonly truncation?: number | undefined;
  /** The class of every image, where the generator knows classes: `count` numbers. Default: 0, 1, … in turn. */
  readonly labels?: readonly number[] | Int32Array | Tensor | undefined;
  /** One class for all. */
  readonly class?: number | undefined;
}

const optionNames: OptionNames<GenerateOptions> = {
  seed: true,
  noise: true,
  truncation: true,
  labels: true,
  class: true,
};

/** Of a tensor that programs compute with. @internal */
export const maxRows = 2 ** 31 - 1;

/** What a generator is asked for, checked. @internal */
export interface SamplePlan {
  readonly count: number;
  readonly seed: number;
  readonly noise: Tensor<Float32Array> | undefined;
  /** Where the generator knows classes. */
  readonly labels: Int32Array | undefined;
}

/**
 * What `generate` was asked for. `nextSeed` gives a seed where none is.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what does not fit the generator.
 */
export function planSamples(
  generator: Model,
  classes: number | undefined,
  count: number,
  given: GenerateOptions,
  nextSeed: () => number,
): SamplePlan {
  wholeNumberIn('count', count, 1, maxRows);
  const options = checkOptions('gan.generate', given, optionNames);
  const { noise, truncation } = options;
  const latentDim = generator.inputShapes[0]![0]!;
  if (noise !== undefined && (truncation !== undefined || options.seed !== undefined)) {
    const other = truncation === undefined ? 'seed' : 'truncation';
    throw new CudaGanError('CUDA_GAN_VALUE', `gan.generate: noise and ${other} are both given; noise leaves no choice`);
  }
  const seed = noise === undefined ? seedNumber('seed', options.seed ?? nextSeed()) : 0;
  return {
    count,
    seed,
    noise:
      noise !== undefined
        ? requireNoise(noise, count, latentDim)
        : truncation === undefined
          ? undefined
          : truncatedNoise(seed, [count, latentDim], requireLimit(truncation)),
    labels: labelsFor(generator, classes, count, options),
  };
}

function requireNoise(noise: Tensor<Float32Array>, count: number, latentDim: number): Tensor<Float32Array> {
  const found = requireSamples('noise', requireTensor('noise', noise), [latentDim]) as Tensor<Float32Array>;
  if (found.shape[0] === count) return found;
  throw new CudaGanError('CUDA_GAN_SHAPE', `noise has ${found.shape[0]} rows, but ${count} images are asked for`);
}

/** Below, nearly every number would have to be drawn again, many times. */
const leastTruncation = 0.01;

function requireLimit(truncation: number): number {
  if (typeof truncation === 'number' && truncation >= leastTruncation) return truncation;
  throw notAllowed('truncation', truncation, `numbers from ${leastTruncation} on`);
}

function truncatedNoise(seed: number, shape: readonly [number, number], limit: number): Tensor<Float32Array> {
  const random = new RandomStream(seed, firstStream.truncatedNoise);
  const data = createTypedArray('float32', shape[0] * shape[1]);
  for (let i = 0; i < data.length; i++) {
    do data[i] = random.normal();
    while (Math.abs(data[i]!) > limit);
  }
  return { shape, data };
}

function labelsFor(
  generator: Model,
  classes: number | undefined,
  count: number,
  { labels, class: one }: GenerateOptions,
): Int32Array | undefined {
  if (!takesLabels(generator)) {
    if (labels === undefined && one === undefined) return undefined;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `gan.generate: ${labels === undefined ? 'class' : 'labels'} is given, but the generator knows no classes: it has no input for them`,
    );
  }
  const highest = (classes ?? 2 ** 31) - 1;
  if (one !== undefined) {
    if (labels !== undefined)
      throw new CudaGanError('CUDA_GAN_VALUE', 'labels and class are both given; give one of them');
    return createTypedArray('int32', count).fill(wholeNumberIn('class', one, 0, highest));
  }
  if (labels === undefined) return createTypedArray('int32', count).map((_, i) => i % (highest + 1));
  const numbers = kindOf(labels) === 'Object' ? requireTensor('labels', labels as Tensor).data : labels;
  if (!Array.isArray(numbers) && !ArrayBuffer.isView(numbers)) throw notAllowed('labels', labels, 'arrays of numbers');
  if (numbers.length !== count) {
    throw new CudaGanError('CUDA_GAN_SHAPE', `labels has ${numbers.length} numbers, but ${count} images are asked for`);
  }
  for (const [i, label] of numbers.entries()) wholeNumberIn(`labels[${i}]`, label, 0, highest);
  return Int32Array.from(numbers);
}

/** Makes images by a generator in inference mode. @internal */
export class Sampler {
  readonly #model: Model<Prediction>;
  readonly #seed: number;
  readonly #device: Device;
  readonly #programs = new ProgramCache<SampleProgram>();

  constructor(model: Model<Prediction>, seed: number, device: Device) {
    this.#model = model;
    this.#seed = seed;
    this.#device = device;
  }

  async sample({ count, seed, noise, labels }: SamplePlan): Promise<Tensor<OwnFloat32Array>> {
    if (noise !== undefined) return this.#fromNoise(noise, labels);
    const program = this.#programs.get(
      String(count),
      () => new SampleProgram(this.#model, count, this.#seed, this.#device),
    );
    return tensor(await program.run(seed, labels), [count, ...this.#model.outputShape]);
  }

  dispose(): void {
    this.#programs.clear();
  }

  async #fromNoise(noise: Tensor<Float32Array>, labels: Int32Array | undefined): Promise<Tensor<OwnFloat32Array>> {
    if (labels === undefined) return this.#model.predict(noise);
    const shape = [labels.length, ...this.#model.inputShapes[1]!];
    return this.#model.predict([noise, { shape, data: labels }]);
  }
}

class SampleProgram {
  readonly #program: CompiledProgram;
  readonly #labels: Variable | undefined;
  readonly #device: Device;

  constructor(model: Model<Prediction>, count: number, seed: number, device: Device) {
    this.#device = device;
    this.#labels = takesLabels(model) ? new Variable({ name: 'labels', shape: [count], dtype: 'int32' }) : undefined;
    const graph = new Graph(seed, firstStream.samples);
    const noise = noiseFor(graph, { model }, count);
    graph.output('images', makeImages({ model }, noise, this.#labels && graph.read(this.#labels), { training: false }));
    this.#program = new CompiledProgram(graph, device);
  }

  get bytes(): number {
    return this.#program.bytes;
  }

  get current(): boolean {
    return this.#program.current;
  }

  /** Another number of the step is other noise. */
  async run(step: number, labels: Int32Array | undefined): Promise<OwnFloat32Array> {
    const written = labels && this.#labels?.write(labels, this.#device);
    const running = this.#program.run(1, { firstStep: step });
    await written;
    return (await running).outputs.get('images') as OwnFloat32Array;
  }

  dispose(): void {
    this.#program.dispose();
    this.#labels?.dispose();
  }
}
