// What `compile` chose, as Keras says it: the optimizer, losses, metrics.
import { inWords, kindOf } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import type { CompileOptions } from '../../models/fit-options.js';
import type { Compiled } from '../../models/trainer.js';
import type { PlainOptimizer } from '../../optimizers/index.js';
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
  lowerFirst,
  mapKeys,
  ownValue,
  pascalCase,
  snakeCase,
  within,
} from './keras-object.js';
import { isAllowed } from './layer-table.js';

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

/** Names of optimizers' classes that do not begin with one capital alone. */
const optimizerClasses: Readonly<Record<string, string>> = { sgd: 'SGD', rmsprop: 'RMSprop' };

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
  const name =
    Object.entries(optimizerClasses).find(([, className]) => className === object.class_name)?.[0] ??
    lowerFirst(object.class_name);
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
    return [[option, isKerasObject(value) ? readSchedule(value) : value] as const];
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
    `learning_rate is a ${className} of ${JSON.stringify(config)}; supported are CosineDecay whose warm-up begins at 0, and PolynomialDecay of power 1`,
  );
}

/** Names of classes of losses and metrics that are not those of ours with a capital. */
const classNames: Readonly<Record<string, string>> = { klDivergence: 'KLDivergence', auc: 'AUC' };

/** Short names that Keras knows losses and metrics by. */
const shortNames: Readonly<Record<string, string>> = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  bce: 'binaryCrossentropy',
  acc: 'accuracy',
  kld: 'klDivergence',
  kullbackLeiblerDivergence: 'klDivergence',
  logcosh: 'logCosh',
};

/** Options of losses and metrics that only Keras has, and what they must be; `axis` is the last. */
const figureOnly: Readonly<Record<string, readonly unknown[]>> = {
  reduction: ['sum_over_batch_size', 'auto'],
  axis: [-1],
  ignore_class: [null],
  dtype: [null, 'float32'],
  fn: [],
};

/**
 * The choices of `compile`, without the optimizer.
 * @throws CudaGanError `CUDA_GAN_VALUE` for functions of the user's own, which no file keeps.
 */
export function writeObjective({ loss, lossWeights, metrics }: CompileOptions, dialect: Dialect): KerasConfig {
  return {
    loss: mapStructure(loss, (one) => writeFigure('keras.losses', one, dialect)),
    loss_weights: lossWeights ?? null,
    metrics: metrics === undefined ? null : mapDeep(metrics, (one) => writeFigure('keras.metrics', one, dialect)),
    weighted_metrics: null,
  };
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for a loss or metric that this package has not. */
export function readObjective({
  loss,
  loss_weights: lossWeights,
  metrics,
}: KerasConfig): Omit<CompileOptions, 'optimizer'> {
  return {
    loss: mapStructure(loss, readFigure) as CompileOptions['loss'],
    ...(lossWeights != null && { lossWeights: lossWeights as CompileOptions['lossWeights'] }),
    ...(metrics != null && { metrics: mapDeep(metrics, readFigure) as CompileOptions['metrics'] }),
  };
}

function mapStructure(given: unknown, f: (item: unknown) => unknown): unknown {
  if (Array.isArray(given)) return given.map((item) => f(item));
  if (kindOf(given) !== 'Object' || isFigureObject(given)) return f(given);
  return Object.fromEntries(Object.entries(given as object).map(([name, item]) => [name, f(item)]));
}

function mapDeep(given: unknown, f: (item: unknown) => unknown): unknown {
  if (Array.isArray(given)) return given.map((item) => mapDeep(item, f));
  return mapStructure(given, (item) => (Array.isArray(item) ? mapDeep(item, f) : f(item)));
}

/** A loss or metric as plain data, here or in Keras, and none of several by name. */
function isFigureObject(value: unknown): boolean {
  const { name, class_name: className } = value as { name?: unknown; class_name?: unknown };
  return typeof name === 'string' || typeof className === 'string';
}

function writeFigure(module: string, given: unknown, dialect: Dialect): unknown {
  if (typeof given === 'string' && !hasClassOnly(given)) return snakeCase(given);
  const { name, ...options } = (typeof given === 'string' ? { name: given } : given) as { readonly name?: unknown };
  if (typeof given === 'function' || typeof name !== 'string') {
    throw new CudaGanError('CUDA_GAN_VALUE', `${inWords(given)} is a function of one's own, which no file keeps`);
  }
  const { figure, ...plain } = options as Readonly<Record<string, unknown>>;
  const config = mapKeys(plain, snakeCase);
  return kerasObject(dialect, module, ownValue(classNames, name) ?? pascalCase(name), {
    ...(typeof figure === 'string' && { name: figure }),
    ...config,
  });
}

/** Metrics that Keras knows no short name of. */
function hasClassOnly(name: string): boolean {
  return ['auc', 'precision', 'recall', 'f1Score'].includes(name);
}

function readFigure(value: unknown): unknown {
  if (typeof value === 'string') return figureName(value);
  if (!isKerasObject(value))
    throw new CudaGanError('CUDA_GAN_VALUE', `${inWords(value)} is no loss and no metric of Keras`);
  // Of Keras 2: a function that is averaged.
  if (value.class_name === 'MeanMetricWrapper') return readFigure(value.config.fn);
  const { name: figure, ...config } = value.config;
  const options = Object.entries(config).filter(([key, option]) => {
    const allowed = ownValue(figureOnly, key);
    if (option === null || (allowed !== undefined && isAllowed(allowed, option))) return false;
    if (allowed === undefined) return true;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${value.class_name} has ${key} = ${inWords(option)}, which is not supported`,
    );
  });
  const name = figureName(value.class_name);
  const known = mapKeys(Object.fromEntries(options), camelCase);
  return { name, ...known, ...(hasClassOnly(name) && typeof figure === 'string' && { figure }) };
}

function figureName(kerasName: string): string {
  const known = Object.entries(classNames).find(([, className]) => className === kerasName)?.[0];
  const name = known ?? camelCase(lowerFirst(kerasName));
  return ownValue(shortNames, name) ?? name;
}

/**
 * The choices of `compile` as Keras 3 says them; undefined, with a warning, where there are some that no file keeps: the model is
 * saved without them.
 */
export function compileArguments({ options, optimizer }: Compiled, dialect: Dialect): KerasConfig | undefined {
  try {
    return { optimizer: writeOptimizer(optimizer, dialect), ...writeObjective(options, dialect) };
  } catch (error) {
    if (!(error instanceof CudaGanError)) throw error;
    warn('CUDA_GAN_KERAS', `the model is saved as one that is not compiled: ${error.message}`);
    return undefined;
  }
}
