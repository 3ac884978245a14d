// What layers are made of besides weights, as Keras says it: activations, initializers, regularizers, constraints.
import { inWords, kindOf } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import type { InitializerName } from '../../initializers/index.js';
import type { ActivationName } from '../../layers/activations.js';
import type { ConstraintName } from '../../layers/constraints/index.js';
import type { SavedPart } from '../../layers/part.js';
import type { LayerRegularizerName } from '../../layers/regularizers/index.js';
import {
  camelCase,
  type Dialect,
  isKerasObject,
  type KerasConfig,
  type KerasObject,
  kerasObject,
  lowerFirst,
  mapKeys,
  ownValue,
  pascalCase,
  snakeCase,
} from './keras-object.js';

/** Options of parts, by how their names end: where Keras 3 keeps the classes. */
const modules = {
  Initializer: 'keras.initializers',
  Regularizer: 'keras.regularizers',
  Constraint: 'keras.constraints',
} as const;

type Kind = keyof typeof modules;

/** Which kind of part an option of ours is, `kernelInitializer` an initializer. */
function kindOfOption(option: string): Kind | undefined {
  return (Object.keys(modules) as Kind[]).find((kind) => option.endsWith(kind));
}

/** The value of an option of ours as Keras says it. */
export function writeOption(dialect: Dialect, option: string, value: unknown): unknown {
  if (option === 'activation') return writeActivation(dialect, value as string);
  const kind = kindOfOption(option);
  return kind === undefined ? value : writePart(dialect, kind, value as SavedPart);
}

/**
 * The value of an option as we say it, `option` being our name for it.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a part that there is not.
 */
export function readOption(option: string, value: unknown): unknown {
  if (option === 'activation') return readActivation(value);
  const kind = kindOfOption(option);
  return kind === undefined ? value : readPart(kind, value);
}

/** Keras 2 and TensorFlow.js know `silu` as `swish`; Keras 3 knows both. */
function writeActivation(dialect: Dialect, name: string): string {
  if (name === 'silu' || name === 'swish') return dialect === 'keras2' ? 'swish' : 'silu';
  return snakeCase(name);
}

/** By name, or as Keras 3 writes functions. */
function readActivation(value: unknown): string {
  const name = isFunctionObject(value) ? value.config : value;
  if (typeof name === 'string') return requireKnown('activation', name, camelCase(name), activations);
  throw new CudaGanError('CUDA_GAN_VALUE', `activation is ${inWords(value)}; allowed are names of functions`);
}

/** What there is, by our names, as Keras calls it. */
const activations: Readonly<Record<ActivationName, string>> = {
  linear: 'linear',
  relu: 'relu',
  leakyRelu: 'leaky_relu',
  elu: 'elu',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
  softplus: 'softplus',
  softmax: 'softmax',
  gelu: 'gelu',
  silu: 'silu',
  swish: 'swish',
};

const initializers: Readonly<Record<InitializerName, string>> = {
  constant: 'Constant',
  glorotNormal: 'GlorotNormal',
  glorotUniform: 'GlorotUniform',
  heNormal: 'HeNormal',
  heUniform: 'HeUniform',
  lecunNormal: 'LecunNormal',
  lecunUniform: 'LecunUniform',
  ones: 'Ones',
  orthogonal: 'Orthogonal',
  randomNormal: 'RandomNormal',
  randomUniform: 'RandomUniform',
  truncatedNormal: 'TruncatedNormal',
  zeros: 'Zeros',
};

const regularizers: Readonly<Record<LayerRegularizerName, string>> = { l1: 'L1', l1l2: 'L1L2', l2: 'L2' };

const constraints: Readonly<Record<ConstraintName, string>> = {
  maxNorm: 'MaxNorm',
  nonNeg: 'NonNeg',
  unitNorm: 'UnitNorm',
};

const partClasses: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  Initializer: initializers,
  Regularizer: regularizers,
  Constraint: constraints,
};

/** `name` if it is in a table. @throws CudaGanError `CUDA_GAN_VALUE` that says what Keras calls what there is. */
function requireKnown(kind: string, kerasName: string, name: string, known: Readonly<Record<string, string>>): string {
  if (Object.hasOwn(known, name)) return name;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `unknown ${kind} ${inWords(kerasName)}; known are ${Object.values(known).join(', ')}`,
  );
}

function requirePart(kind: Kind, kerasName: string): string {
  return requireKnown(kind.toLowerCase(), kerasName, partName(kerasName), partClasses[kind]);
}

function isFunctionObject(value: unknown): value is { readonly config: string } {
  return kindOf(value) === 'Object' && (value as KerasObject).class_name === 'function';
}

/** What Keras has that we have not, and what it must be. */
const kerasOnly: Readonly<Record<string, readonly unknown[]>> = {
  dtype: [null, 'float32'],
  input_axes: [null],
  output_axes: [null],
};

function writePart(dialect: Dialect, kind: Kind, { name, config }: SavedPart): KerasObject {
  const options = mapKeys(config, snakeCase);
  return kerasObject(
    dialect,
    modules[kind],
    ownValue(partClasses[kind], name) ?? pascalCase(name),
    kind === 'Initializer' ? seeded(name, options) : options,
  );
}

/** Random initializers have a seed in Keras, or none. */
function seeded(name: string, options: KerasConfig): KerasConfig {
  return ['zeros', 'ones', 'constant'].includes(name) ? options : { seed: null, ...options };
}

function readPart(kind: Kind, value: unknown): SavedPart {
  if (typeof value === 'string') return { name: requirePart(kind, value), config: {} };
  if (!isKerasObject(value)) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `the ${kind.toLowerCase()} is ${inWords(value)}; wanted is an object of Keras`,
    );
  }
  const scaling = value.class_name === 'VarianceScaling' ? varianceScaling(value.config) : undefined;
  if (scaling !== undefined) return scaling;
  const name = requirePart(kind, value.class_name);
  const options = Object.entries(value.config).filter(([key, option]) => {
    const allowed = ownValue(kerasOnly, key);
    if (option === null || allowed?.includes(option)) return false;
    if (allowed === undefined) return true;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${value.class_name} has ${key} = ${inWords(option)}, which is not supported`,
    );
  });
  return { name, config: mapKeys(Object.fromEntries(options), camelCase) };
}

/** `GlorotUniform` and, as names of functions, `glorot_uniform`; `OrthogonalInitializer`, `L1L2`, `NonNeg`. */
function partName(kerasName: string): string {
  const name = lowerFirst(camelCase(kerasName)).replace(/Initializer$/, '');
  return ownValue(olderNames, name) ?? name;
}

const olderNames: Readonly<Record<string, string>> = {
  l1L2: 'l1l2',
  maxnorm: 'maxNorm',
  nonneg: 'nonNeg',
  normal: 'randomNormal',
  one: 'ones',
  uniform: 'randomUniform',
  unitnorm: 'unitNorm',
  zero: 'zeros',
};

/** Keras 2 before 2.3 wrote the initializers of He, Glorot and LeCun as what they have in common. */
function varianceScaling({ scale, mode, distribution, seed }: KerasConfig): SavedPart | undefined {
  const author = ownValue({ '1 fan_avg': 'glorot', '2 fan_in': 'he', '1 fan_in': 'lecun' }, `${scale} ${mode}`);
  const shape = ownValue({ uniform: 'Uniform', normal: 'Normal', truncated_normal: 'Normal' }, String(distribution));
  if (author === undefined || shape === undefined) return undefined;
  return { name: `${author}${shape}`, config: typeof seed === 'number' ? { seed } : {} };
}
