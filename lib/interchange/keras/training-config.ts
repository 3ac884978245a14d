// What `compile` chose, as Keras says it: the optimizer, losses, metrics.
import { inWords, kindOf } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import type { Model } from '../../models/model.js';
import type { Compiled } from '../../models/trainer.js';
import type { OptimizerName, PlainOptimizer } from '../../optimizers/index.js';
import type { Optimizer } from '../../optimizers/optimizer.js';
import { plainOptimizer } from '../../optimizers/plain.js';
import { warn } from '../../warnings.js';
import {
  camelCase,
  type Dialect,
  isKerasObject,
  type KerasConfig,
  type KerasObject,
  kerasObject,
  mapKeys,
  ownValue,
  requireRecord,
  snakeCase,
  within,
} from './keras-object.js';
import type { RecordOrder } from './layer-order.js';
import { isAllowed } from './layer-table.js';
import { readObjective, writeObjective } from './objective-config.js';

/** Options of optimizers that Keras calls otherwise. */
const optionNames: Readonly<Record<string, string>> = {
  beta1: 'beta_1',
  beta2: 'beta_2',
  clipNorm: 'clipnorm',
  clipValue: 'clipvalue',
  globalClipNorm: 'global_clipnorm',
};

/** Options that only Keras has, and what they must be. */
const kerasOnly: Readonly<Record<string, readonly unknown[]>> = {
  use_ema: [false],
  ema_overwrite_frequency: [null],
  loss_scale_factor: [null],
  gradient_accumulation_steps: [null],
  decay: [0],
  is_legacy_optimizer: [false],
};

/** The same of single classes. */
const kerasOnlyOf: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  RMSprop: { momentum: [0], centered: [false] },
};

const ignored = ['name', 'ema_momentum', 'jit_compile'];

/** Keras' classes of optimizers by our names. */
const optimizerClasses: Readonly<Record<OptimizerName, string>> = {
  adagrad: 'Adagrad',
  adam: 'Adam',
  adamW: 'AdamW',
  nadam: 'Nadam',
  rmsprop: 'RMSprop',
  sgd: 'SGD',
};

export function writeOptimizer(optimizer: Optimizer, dialect: Dialect): KerasObject {
  const { name, learningRate, ...options } = plainOptimizer(optimizer);
  const config = {
    learning_rate:
      kindOf(learningRate) === 'Object'
        ? writeSchedule(learningRate as unknown as PlainSchedule, dialect)
        : learningRate,
    ...mapKeys(options, (option) => ownValue(optionNames, option) ?? snakeCase(option)),
  };
  return kerasObject(dialect, 'keras.optimizers', optimizer.className, config);
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for an optimizer, or an option of it, that this package has not. */
export function readOptimizer(value: unknown): PlainOptimizer {
  const object = typeof value === 'string' ? { class_name: value, config: {} } : value;
  if (!isKerasObject(object)) throw new CudaGanError('CUDA_GAN_VALUE', `the optimizer is ${inWords(value)}`);
  const [name] =
    Object.entries(optimizerClasses).find(([, className]) => {
      return className === object.class_name || className.toLowerCase() === object.class_name;
    }) ?? [];
  if (name === undefined) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `unknown optimizer ${inWords(object.class_name)}; known are ${Object.values(optimizerClasses).join(', ')}`,
    );
  }
  return within(`optimizer ${object.class_name}`, () => ({ name, ...readOptions(object) }) as PlainOptimizer);
}

function readOptions({ class_name: className, config }: KerasObject): Readonly<Record<string, unknown>> {
  const only = { ...kerasOnly, ...ownValue(kerasOnlyOf, className) };
  const options = Object.entries(config).flatMap(([key, value]) => {
    if (ignored.includes(key)) return [];
    const allowed = ownValue(only, key);
    if (value === null || (allowed !== undefined && isAllowed(allowed, value))) return [];
    if (allowed !== undefined)
      throw new CudaGanError('CUDA_GAN_VALUE', `${key} is ${inWords(value)}, which is not supported`);
    const option = Object.entries(optionNames).find(([, theirs]) => theirs === key)?.[0] ?? camelCase(key);
    return [[option, key === 'learning_rate' && isKerasObject(value) ? readSchedule(value) : value] as const];
  });
  return Object.fromEntries(options);
}

type PlainSchedule = Readonly<Record<string, unknown>> & { readonly name: string };

/** Schedules that Keras has too. Its warm-up begins at the initial rate, and leads to another. */
function writeSchedule(schedule: PlainSchedule, dialect: Dialect): KerasObject {
  const { name, initialLearningRate: rate, decaySteps, endLearningRate, alpha, warmupSteps = 0 } = schedule;
  const object = (className: string, config: KerasConfig) =>
    kerasObject(dialect, 'keras.optimizers.schedules', className, config);
  if (name === 'cosineDecay') {
    const warmup = warmupSteps === 0 ? {} : { warmup_target: rate, warmup_steps: warmupSteps };
    const initial = warmupSteps === 0 ? rate : 0;
    return object('CosineDecay', { initial_learning_rate: initial, decay_steps: decaySteps, alpha, ...warmup });
  }
  if (name === 'linearDecay' && warmupSteps === 0) {
    const config = { initial_learning_rate: rate, decay_steps: decaySteps, end_learning_rate: endLearningRate };
    return object('PolynomialDecay', { ...config, power: 1, cycle: false });
  }
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `Keras has no schedule like ${name}${warmupSteps === 0 ? '' : ' with a warm-up'}`,
  );
}

function readSchedule({ class_name: className, config }: KerasObject): PlainSchedule {
  const { initial_learning_rate: rate, decay_steps: decaySteps, ...rest } = config;
  if (className === 'CosineDecay') {
    const { alpha = 0, warmup_target: target = null, warmup_steps: warmupSteps = 0 } = rest;
    if (target === null) return { name: 'cosineDecay', initialLearningRate: rate, decaySteps, alpha };
    if (rate === 0) return { name: 'cosineDecay', initialLearningRate: target, decaySteps, alpha, warmupSteps };
  }
  if (className === 'PolynomialDecay' && rest.power === 1 && rest.cycle === false) {
    return { name: 'linearDecay', initialLearningRate: rate, decaySteps, endLearningRate: rest.end_learning_rate };
  }
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `learning_rate is ${className} of ${JSON.stringify(config)}; supported are CosineDecay whose warm-up begins at 0, and PolynomialDecay of power 1`,
  );
}

/** The choices of `compile` in Keras' words. */
export interface WrittenCompilation {
  readonly config: KerasConfig;
  /** Metrics that Keras cannot be told, in words. */
  readonly left: readonly string[];
}

/**
 * @param dialect of the objects
 * @param order in which the file says outputs that are a record
 * @throws CudaGanError `CUDA_GAN_VALUE` for an optimizer or a loss that Keras cannot be told.
 */
export function writeCompilation(
  model: Model,
  { options, optimizer }: Compiled,
  dialect: Dialect,
  order: RecordOrder,
): WrittenCompilation {
  const { config, left } = writeObjective(model, options, dialect, order);
  return { config: { optimizer: writeOptimizer(optimizer, dialect), ...config }, left };
}

/**
 * The choices of `compile` as Keras says them, with a warning of metrics that are left out; undefined, with a warning, where no file
 * keeps the loss or the optimizer: the model is saved without them.
 */
export function compileArguments(
  model: Model,
  compiled: Compiled,
  dialect: Dialect,
  order: RecordOrder,
): KerasConfig | undefined {
  try {
    const { config, left } = writeCompilation(model, compiled, dialect, order);
    for (const metric of left) warn('CUDA_GAN_KERAS', `the model is saved without a metric: ${metric}`);
    return config;
  } catch (error) {
    if (!(error instanceof CudaGanError)) throw error;
    warn('CUDA_GAN_KERAS', `the model is saved as one that is not compiled: ${error.message}`);
    return undefined;
  }
}

/**
 * Compiles a model as its file says: `chosen` has the optimizer as `optimizer`, or, in files of Keras 2, as `optimizer_config`.
 * @param state brings the optimizer to its state, where the file has one
 * @throws CudaGanError `CUDA_GAN_VALUE`, saying how to do without, for what this package has not.
 */
export async function compileAs(
  model: Model,
  chosen: unknown,
  state: (compiled: Compiled) => Promise<void>,
): Promise<void> {
  await compiling(async () => {
    const { optimizer, optimizer_config: older, ...objective } = requireRecord('what compile chose', chosen);
    model.compile({ optimizer: readOptimizer(optimizer ?? older), ...readObjective(objective, model.outputNames) });
    await state(model.compiled!);
  });
}

/** Runs `compile`, and says in its errors how a model is loaded without. */
export async function compiling(compile: () => Promise<void>): Promise<void> {
  try {
    await compile();
  } catch (error) {
    if (!(error instanceof CudaGanError) || error.code === 'CUDA_GAN_DATA') throw error;
    throw new CudaGanError(
      error.code,
      `what compile chose: ${error.message}; loadModel leaves it out with compile: false, the command with --no-compile`,
      { cause: error },
    );
  }
}
