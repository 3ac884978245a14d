// What `compile` chose, as TensorFlow.js says it.
import { inWords, kindOf } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import type { LossName } from '../../losses/index.js';
import type { MetricName } from '../../metrics/index.js';
import type { CompileOptions } from '../../models/fit-options.js';
import type { Compiled } from '../../models/trainer.js';
import type { PlainOptimizer } from '../../optimizers/index.js';
import type { Optimizer } from '../../optimizers/optimizer.js';
import { plainOptimizer } from '../../optimizers/plain.js';
import { warn } from '../../warnings.js';
import { isKerasObject, type KerasConfig, type KerasObject, ownValue, within } from '../keras/keras-object.js';
import { readObjective } from '../keras/objective-config.js';

/** Losses by our names. */
const losses: Readonly<Partial<Record<LossName, string>>> = {
  binaryCrossentropy: 'binary_crossentropy',
  categoricalCrossentropy: 'categorical_crossentropy',
  cosineSimilarity: 'cosine_proximity',
  hinge: 'hinge',
  klDivergence: 'kullback_leibler_divergence',
  logCosh: 'logcosh',
  meanAbsoluteError: 'mean_absolute_error',
  meanSquaredError: 'mean_squared_error',
  poisson: 'poisson',
  sparseCategoricalCrossentropy: 'sparse_categorical_crossentropy',
};

/** Metrics by our names. */
const metrics: Readonly<Partial<Record<MetricName, string>>> = {
  accuracy: 'accuracy',
  binaryAccuracy: 'binary_accuracy',
  categoricalAccuracy: 'categorical_accuracy',
  meanAbsoluteError: 'mae',
  meanSquaredError: 'mse',
};

/**
 * Undefined, with a warning, where TensorFlow.js has no such optimizer, loss or metric: it then has the model as one that is not
 * compiled.
 */
export function writeTrainingConfigIfKnown(compiled: Compiled): KerasConfig | undefined {
  try {
    return writeTrainingConfig(compiled);
  } catch (error) {
    if (!(error instanceof CudaGanError)) throw error;
    warn('CUDA_GAN_TFJS', `TensorFlow.js will have the model as one that is not compiled: ${error.message}`);
    return undefined;
  }
}

/** @throws CudaGanError `CUDA_GAN_VALUE` where TensorFlow.js has no such optimizer, loss or metric. */
export function writeTrainingConfig({ options, optimizer }: Compiled): KerasConfig {
  const { loss, metrics: figures, lossWeights } = options;
  if (lossWeights !== undefined) throw missing('weights of losses');
  return {
    loss: mapStructure(loss, (one) => nameIn(losses, 'loss', one)),
    metrics: mapStructure(figures ?? [], (one) => nameIn(metrics, 'metric', one)),
    optimizer_config: writeOptimizer(optimizer),
  };
}

function missing(what: string): CudaGanError {
  return new CudaGanError('CUDA_GAN_VALUE', `it has no ${what}`);
}

function nameIn(names: Readonly<Record<string, string>>, kind: string, given: unknown): string {
  const name = typeof given === 'string' ? ownValue(names, given) : undefined;
  if (name !== undefined) return name;
  throw missing(`${kind} like ${kindOf(given) === 'Object' ? JSON.stringify(given) : inWords(given)}`);
}

/** One, a list, or a record. */
function mapStructure(given: unknown, f: (item: unknown) => string): unknown {
  if (Array.isArray(given)) return given.map((item) => f(item));
  const isRecord = kindOf(given) === 'Object' && typeof (given as { name?: unknown }).name !== 'string';
  if (!isRecord) return f(given);
  return Object.fromEntries(Object.entries(given as object).map(([name, item]) => [name, f(item)]));
}

/** The epsilon of TensorFlow.js, where it takes none. */
const fixedEpsilon = 1e-7;

function writeOptimizer(optimizer: Optimizer): KerasObject {
  const { name, learningRate, ...options } = plainOptimizer(optimizer) as PlainOptimizer & Record<string, unknown>;
  if (typeof learningRate !== 'number') throw missing('schedules of learning rates');
  const { allowed, make } = ownValue(optimizers, name) ?? {};
  const other = Object.keys(options).find((option) => !allowed?.includes(option));
  if (make === undefined) throw missing(`optimizer ${optimizer.className}`);
  if (other !== undefined) throw missing(`option ${other} of ${optimizer.className}`);
  return make(learningRate, options);
}

interface OptimizerWriter {
  readonly allowed: readonly string[];
  make(learningRate: number, options: Readonly<Record<string, unknown>>): KerasObject;
}

/** Optimizers by our names. */
const optimizers: Readonly<Record<string, OptimizerWriter>> = {
  adagrad: {
    allowed: ['initialAccumulatorValue', 'epsilon'],
    make: (learningRate, { initialAccumulatorValue, epsilon }) => {
      if (epsilon !== fixedEpsilon) throw missing(`epsilon of Adagrad but ${fixedEpsilon}`);
      return { class_name: 'Adagrad', config: { learningRate, initialAccumulatorValue } };
    },
  },
  adam: {
    allowed: ['beta1', 'beta2', 'epsilon'],
    make: (learningRate, options) => ({ class_name: 'Adam', config: { learningRate, ...options } }),
  },
  rmsprop: {
    allowed: ['rho', 'epsilon'],
    make: (learningRate, { rho: decay, epsilon }) => ({
      class_name: 'RMSProp',
      config: { learningRate, decay, momentum: 0, epsilon, centered: false },
    }),
  },
  sgd: {
    allowed: ['momentum', 'nesterov'],
    make: (learningRate, { momentum, nesterov: useNesterov }) =>
      momentum === 0
        ? { class_name: 'SGD', config: { learningRate } }
        : { class_name: 'Momentum', config: { learningRate, momentum, useNesterov } },
  },
};

/**
 * The choices of `compile` that a file of TensorFlow.js has.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a loss, a metric or an optimizer that this package has not.
 */
export function readTrainingConfig(
  { optimizer_config: optimizer, loss, ...objective }: KerasConfig,
  outputNames: readonly string[],
): CompileOptions {
  const ours = mapStructure(loss, (one) => (one === losses.cosineSimilarity ? 'cosine_similarity' : String(one)));
  return { optimizer: readOptimizer(optimizer), ...readObjective({ ...objective, loss: ours }, outputNames) };
}

function readOptimizer(value: unknown): PlainOptimizer {
  if (!isKerasObject(value)) throw new CudaGanError('CUDA_GAN_VALUE', `the optimizer is ${inWords(value)}`);
  return within(`optimizer ${inWords(value.class_name)}`, () => {
    const { learningRate = value.config.learning_rate, ...options } = value.config;
    switch (value.class_name) {
      case 'Adam':
        return plain('adam', learningRate, options, ['beta1', 'beta2', 'epsilon']);
      case 'Adagrad':
        return plain('adagrad', learningRate, options, ['initialAccumulatorValue']);
      case 'SGD':
        return plain('sgd', learningRate, options, []);
      case 'Momentum': {
        const { useNesterov: nesterov, ...others } = options;
        return plain('sgd', learningRate, { ...others, nesterov }, ['momentum', 'nesterov']);
      }
      case 'RMSProp': {
        const { decay: rho, momentum, centered, ...others } = options;
        if (momentum !== 0)
          throw new CudaGanError('CUDA_GAN_VALUE', `momentum is ${inWords(momentum)}; supported is 0`);
        if (centered) throw new CudaGanError('CUDA_GAN_VALUE', 'it is centered, which is not supported');
        return plain('rmsprop', learningRate, { ...others, rho }, ['rho', 'epsilon']);
      }
      default:
        throw new CudaGanError('CUDA_GAN_VALUE', 'there is no such optimizer');
    }
  });
}

function plain(name: string, learningRate: unknown, options: KerasConfig, allowed: readonly string[]): PlainOptimizer {
  const known = Object.entries(options).filter(([option]) => allowed.includes(option));
  return { name, learningRate, ...Object.fromEntries(known) } as PlainOptimizer;
}
