// Noise and images: which noise, which classes, and the programs that make them.
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

/** What `GAN.noise` takes. */
export interface NoiseOptions {
  /** Which noise: the same number gives the same noise and images. Default: 0 at the first call, then 1, … */
  readonly seed?: number | undefined;
  /**
   * No noise beyond this, from 0.01 on: each number is drawn again until it is within ±truncation. Below 1 images are more alike, and most
   * of them better (Brock et al., Large Scale GAN Training, 2019). Default: none.
   */
  readonly truncation?: number | undefined;
}

/** What `GAN.generate` takes. */
export interface GenerateOptions extends NoiseOptions {
  /** The noise itself, [count, latentDim] float32, in place of random noise. */
  readonly noise?: Tensor<Float32Array> | undefined;
  /** The class of every image, where the generator knows classes: `count` numbers. Default: 0, 1, … in turn. */
  readonly labels?: readonly number[] | Int32Array | Tensor | undefined;
  /** One class for all. */
  readonly class?: number | undefined;
}

const noiseOptionNames: OptionNames<NoiseOptions> = { seed: true, truncation: true };
const optionNames: OptionNames<GenerateOptions> = {
  seed: true,
  noise: true,
  truncation: true,
  labels: true,
  class: true,
};

/** Of a tensor that programs compute with. @internal */
export const maxRows = 2 ** 31 - 1;

/** Which noise, checked. @internal */
export interface NoisePlan {
  readonly count: number;
  readonly seed: number;
  /** Where it is not drawn on the device. */
  readonly noise: Tensor<OwnFloat32Array> | undefined;
}

/** What a generator is asked for, checked. @internal */
export interface SamplePlan extends Omit<NoisePlan, 'noise'> {
  readonly noise: Tensor<Float32Array> | undefined;
  /** Where the generator knows classes. */
  readonly labels: Int32Array | undefined;
}

/** What samples come from, and who asks for them. @internal */
export interface SampleSource {
  /** What messages say was called: `gan.generate`. */
  readonly call: string;
  /** What they call the model: `generator`. */
  readonly role: string;
  readonly model: Model;
  readonly classes: number | undefined;
}

/**
 * What `generate` was asked for. `nextSeed` gives a seed where none is.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what does not fit the model.
 */
export function planSamples(
  source: SampleSource,
  count: number,
  given: GenerateOptions,
  nextSeed: () => number,
): SamplePlan {
  wholeNumberIn('count', count, 1, maxRows);
  const options = checkOptions(source.call, given, optionNames);
  const latentDim = source.model.inputShapes[0]![0]!;
  const labels = labelsFor(source, count, options);
  const noise = givenNoise(source.call, options, count, latentDim);
  if (noise !== undefined) return { count, seed: 0, noise, labels };
  return { ...chooseNoise(count, latentDim, options, nextSeed), labels };
}

/**
 * What `noise` was asked for: a plan as `planSamples` makes it, which draws the same noise.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option.
 */
export function planNoise(
  call: string,
  generator: Model,
  count: number,
  given: NoiseOptions,
  nextSeed: () => number,
): NoisePlan {
  wholeNumberIn('count', count, 1, maxRows);
  const options = checkOptions(call, given, noiseOptionNames);
  return chooseNoise(count, generator.inputShapes[0]![0]!, options, nextSeed);
}

function chooseNoise(
  count: number,
  latentDim: number,
  { seed: wanted, truncation }: NoiseOptions,
  nextSeed: () => number,
): NoisePlan {
  const limit = truncation === undefined ? undefined : requireLimit(truncation);
  const seed = seedNumber('seed', wanted ?? nextSeed());
  return { count, seed, noise: limit === undefined ? undefined : truncatedNoise(seed, [count, latentDim], limit) };
}

/**
 * The noise that is given for so many images, if any is.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what does not fit.
 */
export function givenNoise(
  call: string,
  { noise, seed, truncation }: Pick<GenerateOptions, 'noise' | 'seed' | 'truncation'>,
  count: number,
  latentDim: number,
): Tensor<Float32Array> | undefined {
  if (noise === undefined) return undefined;
  if (truncation !== undefined || seed !== undefined) {
    const other = truncation === undefined ? 'seed' : 'truncation';
    throw new CudaGanError('CUDA_GAN_VALUE', `${call}: noise and ${other} are both given; noise leaves no choice`);
  }
  const found = requireSamples('noise', requireTensor('noise', noise), [latentDim]) as Tensor<Float32Array>;
  if (found.shape[0] === count) return found;
  throw new CudaGanError('CUDA_GAN_SHAPE', `noise has ${found.shape[0]} rows, but ${count} are wanted`);
}

/** Below, nearly every number would have to be drawn again, many times. */
const leastTruncation = 0.01;

function requireLimit(truncation: number): number {
  if (typeof truncation === 'number' && truncation >= leastTruncation) return truncation;
  throw notAllowed('truncation', truncation, `numbers from ${leastTruncation} on`);
}

function truncatedNoise(seed: number, shape: readonly [number, number], limit: number): Tensor<OwnFloat32Array> {
  const random = new RandomStream(seed, firstStream.truncatedNoise);
  const data = createTypedArray('float32', shape[0] * shape[1]);
  for (let i = 0; i < data.length; i++) {
    do data[i] = random.normal();
    while (Math.abs(data[i]!) > limit);
  }
  return { shape, data };
}

/**
 * The class of each of so many images; undefined where the model knows none.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what does not fit the model.
 */
export function labelsFor(
  { call, role, model, classes }: SampleSource,
  count: number,
  { labels, class: one }: Pick<GenerateOptions, 'labels' | 'class'>,
): Int32Array | undefined {
  if (!takesLabels(model)) {
    if (labels === undefined && one === undefined) return undefined;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${call}: ${labels === undefined ? 'class' : 'labels'} is given, but the ${role} knows no classes: it has no input for them`,
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

/** Of images from noise that is given: as many as a grid has, so that its program is kept for the next one. */
const batchSize = 256;

/** Makes images by a generator in inference mode. @internal */
export class Sampler {
  readonly #model: Model<Prediction>;
  readonly #seed: number;
  readonly #device: Device;
  readonly #programs = new ProgramCache<SampleProgram>();
  readonly #noisePrograms = new ProgramCache<CompiledProgram>();

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

  /** What `sample` makes its images of, [count, latentDim]. */
  async noise({ count, seed, noise }: NoisePlan): Promise<Tensor<OwnFloat32Array>> {
    if (noise !== undefined) return noise;
    const program = this.#noisePrograms.get(String(count), () => {
      const graph = new Graph(this.#seed, firstStream.samples);
      graph.output('noise', noiseFor(graph, { model: this.#model }, count));
      return new CompiledProgram(graph, this.#device);
    });
    const { outputs } = await program.run(1, { firstStep: seed });
    return tensor(outputs.get('noise') as OwnFloat32Array, [count, ...this.#model.inputShapes[0]!]);
  }

  dispose(): void {
    this.#programs.clear();
    this.#noisePrograms.clear();
  }

  async #fromNoise(noise: Tensor<Float32Array>, labels: Int32Array | undefined): Promise<Tensor<OwnFloat32Array>> {
    if (labels === undefined) return this.#model.predict(noise, { batchSize });
    const shape = [labels.length, ...this.#model.inputShapes[1]!];
    return this.#model.predict([noise, { shape, data: labels }], { batchSize });
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
    const [{ outputs }] = await Promise.all([this.#program.run(1, { firstStep: step }), written]);
    return outputs.get('images') as OwnFloat32Array;
  }

  dispose(): void {
    this.#program.dispose();
    this.#labels?.dispose();
  }
}
