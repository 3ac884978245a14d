// What Deeplearning4j's importer reads and computes as Keras does, found out by running version 1.0.0-M2.1 on a model of every
// layer (test/dl4j). What it ignores or gets wrong is refused here, as is what it does not know.
import { inWords } from '../../../checks.js';
import { CudaGanError } from '../../../errors.js';
import { formatShapes, type LayerConfig } from '../../../layers/layer.js';
import { namedConfig } from '../../../models/config.js';
import { sameShape } from '../../../tensor.js';
import { type KerasConfig, ownValue } from '../keras-object.js';
import { isAllowed } from '../layer-table.js';
import type { FlatLayer } from './flat-model.js';

/** A class of layers that the importer reads. */
export interface ImportedLayer {
  /** It becomes a preprocessor of the layer behind it there, which has one at most: another layer must be between two of them. */
  readonly isPreprocessor?: true;
  /** Another layer must be between an input and it. */
  readonly cannotBeFirst?: true;
  /** Another layer must be between it and an output. */
  readonly cannotBeLast?: true;
  /**
   * It computes in the memory of what it is given there, or hands that on: it needs a copy of what others take too, and of an input
   * that a preprocessor is handed, which refuses the memory of the user's.
   */
  readonly worksInPlace?: true;
  /** How many dimensions samples may have. Default: 1, 2 or 3. */
  readonly dimensions?: readonly number[];
  /** Options that must have one of these values, by our names. */
  readonly only?: Readonly<Record<string, readonly unknown[]>>;
  /** It becomes a vertex there, which graphs have and stacks have not. */
  readonly isVertex?: true;
  /** What else it does not take, and what it does. */
  readonly mistake?: (options: LayerConfig, flat: FlatLayer) => string | undefined;
  /** What its config has that Keras' does not, or in another way. */
  readonly adds?: (config: KerasConfig, flat: FlatLayer) => KerasConfig;
}

const inPlace = { worksInPlace: true } as const;
const preprocessor = { isPreprocessor: true, cannotBeLast: true, ...inPlace } as const;
const images = { dimensions: [3] };
const merge = { isVertex: true, mistake: shapesDiffer } as const;

/** By the name of the class here. */
const importedLayers: Readonly<Record<string, ImportedLayer>> = {
  Activation: inPlace,
  Add: merge,
  Average: merge,
  AveragePooling2D: images,
  // Without `beta` the importer fails, so both are written, as they are where there is none. At the output of a graph, that of
  // vectors wants memory that is not there.
  BatchNormalization: { cannotBeLast: true, adds: () => ({ center: true, scale: true }) },
  Concatenate: { isVertex: true, mistake: axisIsNotLast },
  Conv1D: { dimensions: [2], only: { groups: [1] }, adds: listsOfOne },
  Conv2D: { ...images, only: { groups: [1] } },
  Conv2DTranspose: { ...images, only: { outputPadding: [undefined] }, mistake: kernelSmallerThanStrides },
  Cropping2D: { ...images, ...inPlace },
  // More dimensions become one there.
  Dense: { dimensions: [1] },
  // It looks for the rate of dropout under another name than Keras'.
  Dropout: { ...inPlace, adds: ({ rate }) => ({ dropout: rate }) },
  ELU: inPlace,
  Embedding: { dimensions: [1], adds: (_, { inputShapes: [shape] }) => ({ input_length: shape![0] }) },
  Flatten: preprocessor,
  GaussianNoise: inPlace,
  GlobalAveragePooling2D: images,
  GlobalMaxPooling2D: images,
  LeakyReLU: inPlace,
  MaxPooling2D: images,
  Maximum: merge,
  Multiply: merge,
  Permute: { ...preprocessor, dimensions: [2] },
  ReLU: inPlace,
  // It does not know -1.
  Reshape: {
    ...preprocessor,
    mistake: targetHasTooManyDimensions,
    adds: (_, { layer }) => ({ target_shape: layer.outputShape }),
  },
  SeparableConv2D: images,
  Softmax: inPlace,
  SpatialDropout2D: { ...images, ...inPlace },
  // First, it takes the channels to be in front.
  UpSampling2D: { ...images, only: { interpolation: ['nearest'] }, cannotBeFirst: true },
  ZeroPadding2D: images,
};

/** Classes that the importer reads. */
export const importedClasses: readonly string[] = Object.keys(importedLayers);

const activations = ['linear', 'relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'softmax', 'silu', 'swish'];

/** What the importer makes of a layer. @throws CudaGanError `CUDA_GAN_VALUE` for a class or an option that it does not take. */
export function importedLayer(flat: FlatLayer): ImportedLayer {
  const { name, layer } = flat;
  const entry = ownValue(importedLayers, layer.className);
  const found = entry === undefined ? notRead() : mistakeOf(entry, flat);
  if (found === undefined) return entry!;
  throw new CudaGanError('CUDA_GAN_VALUE', `layer "${name}" (${layer.className}): ${found}`);
}

function notRead(): string {
  return `Deeplearning4j's importer does not read it; it reads ${importedClasses.join(', ')}`;
}

function mistakeOf({ dimensions = [1, 2, 3], only = {}, mistake }: ImportedLayer, flat: FlatLayer): string | undefined {
  const options = namedConfig(flat.layer, flat.name).config;
  const { activation } = options;
  if (activation !== undefined && !activations.includes(activation as string)) {
    return taken('activation', activation, activations.join(', '));
  }
  for (const [option, allowed] of Object.entries(only)) {
    if (isAllowed(allowed, options[option])) continue;
    return taken(option, options[option], allowed.map((value) => value ?? 'none').join(', '));
  }
  const [inputShape] = flat.inputShapes;
  if (!dimensions.includes(inputShape!.length)) {
    return taken('inputShape', inputShape, `shapes of ${dimensions.join(' or ')} dimensions`);
  }
  return mistake?.(options, flat);
}

function taken(option: string, value: unknown, allowed: string): string {
  return `${option} is ${inWords(value)}; Deeplearning4j's importer takes ${allowed}`;
}

function shapesDiffer(_: LayerConfig, { inputShapes }: FlatLayer): string | undefined {
  if (inputShapes.every((shape) => sameShape(shape, inputShapes[0]!))) return undefined;
  return `it is given ${formatShapes(inputShapes)}; Deeplearning4j's importer takes equal shapes`;
}

function axisIsNotLast({ axis }: LayerConfig, { inputShapes: [shape] }: FlatLayer): string | undefined {
  return axis === -1 || axis === shape!.length ? undefined : taken('axis', axis, 'the last one, -1');
}

function kernelSmallerThanStrides({ kernelSize, strides }: LayerConfig): string | undefined {
  const least = strides as readonly number[];
  if ((kernelSize as readonly number[]).every((size, i) => size >= least[i]!)) return undefined;
  return taken('kernelSize', kernelSize, `no less than the strides, ${inWords(least)}`);
}

function targetHasTooManyDimensions({ targetShape }: LayerConfig): string | undefined {
  return (targetShape as readonly number[]).length <= 3
    ? undefined
    : taken('targetShape', targetShape, 'at most 3 dimensions');
}

/** Keras 2 wrote the numbers of a convolution along one axis as lists of one. */
function listsOfOne({ kernel_size: kernelSize, strides, dilation_rate: dilationRate }: KerasConfig): KerasConfig {
  return { kernel_size: [kernelSize], strides: [strides], dilation_rate: [dilationRate] };
}
