// Losses and metrics that `compile` chose, as Keras says them.
import { isBuiltIn } from '../../built-in.js';
import { inWords, kindOf } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { type LossLike, type LossName, toLoss } from '../../losses/index.js';
import { type MetricLike, type MetricName, toMetric } from '../../metrics/index.js';
import type { CompileOptions } from '../../models/fit-options.js';
import { Functional } from '../../models/functional.js';
import type { Model } from '../../models/model.js';
import { chosenByOutput } from '../../models/objective.js';
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
  requireRecord,
  snakeCase,
  snakeCaseOfClass,
  within,
} from './keras-object.js';
import type { RecordOrder } from './layer-order.js';
import { isAllowed } from './layer-table.js';
import { kerasDefaults, type MeasuredOutput, metricTable } from './metric-table.js';

/** Keras' classes of losses by our names. */
const lossClasses: Readonly<Record<LossName, string>> = {
  binaryCrossentropy: 'BinaryCrossentropy',
  categoricalCrossentropy: 'CategoricalCrossentropy',
  cosineSimilarity: 'CosineSimilarity',
  hinge: 'Hinge',
  huber: 'Huber',
  klDivergence: 'KLDivergence',
  logCosh: 'LogCosh',
  meanAbsoluteError: 'MeanAbsoluteError',
  meanSquaredError: 'MeanSquaredError',
  poisson: 'Poisson',
  sparseCategoricalCrossentropy: 'SparseCategoricalCrossentropy',
};

/** Short names that Keras knows losses and metrics by, in small or capital letters, and older ones. */
const shortNames: Readonly<Record<string, string>> = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  bce: 'binaryCrossentropy',
  acc: 'accuracy',
  kld: 'klDivergence',
  kullbackLeiblerDivergence: 'klDivergence',
  logcosh: 'logCosh',
};

/** Options of losses that only Keras has, and what they must be; `axis` is the last. */
const lossOnly: Readonly<Record<string, readonly unknown[]>> = {
  reduction: ['sum_over_batch_size', 'auto'],
  axis: [-1],
  ignore_class: [null],
  dtype: [null, 'float32'],
};

/** What Keras is told, and metrics that it cannot be, in words. */
export interface WrittenObjective {
  readonly config: KerasConfig;
  readonly left: readonly string[];
}

/**
 * The choices of `compile`, without the optimizer: for each output of its own, since Keras does not share metrics.
 * @throws CudaGanError `CUDA_GAN_VALUE` for losses that are functions of the user's own, which no file keeps.
 */
export function writeObjective(
  model: Model,
  options: CompileOptions,
  dialect: Dialect,
  order: RecordOrder,
): WrittenObjective {
  const { outputNames: names } = model;
  const chosen = chosenByOutput(names, options);
  const left: string[] = [];
  const losses = chosen.losses.map((loss) => writeLoss(loss, dialect));
  const metrics = chosen.metrics.map((ofOutput, i) => {
    const output = {
      shape: model.built ? model.outputShapes[i]! : undefined,
      sparse: toLoss(chosen.losses[i]!).sparse,
    };
    return ofOutput.flatMap((metric) => {
      try {
        return [writeMetric(metric, output, dialect)];
      } catch (error) {
        if (!(error instanceof CudaGanError)) throw error;
        left.push(error.message);
        return [];
      }
    });
  });
  const record = order === 'sorted' && model instanceof Functional && model.ends.outputs.form === 'record';
  const each = (items: readonly unknown[]) => {
    if (names.length === 1 && !record) return items[0];
    return record ? Object.fromEntries(names.map((name, i) => [name, items[i]])) : items;
  };
  const hasMetrics = metrics.some((ofOutput) => ofOutput.length > 0);
  const config = {
    loss: each(losses),
    loss_weights: options.lossWeights === undefined ? null : each(chosen.weights),
    metrics: hasMetrics ? each(metrics) : null,
    weighted_metrics: null,
  };
  return { config, left: [...new Set(left)] };
}

function writeLoss(given: LossLike, dialect: Dialect): unknown {
  const { name, lossOf } = toLoss(given);
  if (lossOf === given) {
    throw new CudaGanError('CUDA_GAN_VALUE', `loss ${inWords(given)} is a function of one's own, which no file keeps`);
  }
  const { name: _, ...options } = typeof given === 'object' ? given : { name };
  if (Object.keys(options).length === 0) return snakeCase(name);
  return kerasObject(dialect, 'keras.losses', lossClasses[name as LossName], mapKeys(options, snakeCase));
}

function writeMetric(given: MetricLike, output: MeasuredOutput, dialect: Dialect): unknown {
  const { name, metric, accumulating } = toMetric(given);
  const isKnown =
    accumulating === undefined
      ? Object.hasOwn(metricTable, name) && toMetric(name as MetricName).metric === metric
      : isBuiltIn(accumulating);
  if (!isKnown) {
    throw new CudaGanError('CUDA_GAN_VALUE', `metric ${inWords(name)} is one's own, which no file keeps`);
  }
  if (accumulating === undefined) return snakeCase(name);
  const { figure, ...options } = accumulating.options as Readonly<Record<string, unknown>>;
  const { classes, write } = metricTable[accumulating.name as MetricName];
  const config = within(`metric ${accumulating.name}`, () => write!(options, output));
  const className = output.sparse ? classes.at(-1)! : classes[0]!;
  const ofKeras = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  return kerasObject(dialect, 'keras.metrics', className, {
    ...(figure !== undefined && { name: figure }),
    ...ofKeras,
  });
}

/**
 * @param names of the model's outputs
 * @throws CudaGanError `CUDA_GAN_VALUE` for a loss or metric that this package has not.
 */
export function readObjective(config: KerasConfig, names: readonly string[]): Omit<CompileOptions, 'optimizer'> {
  const { loss, loss_weights: weights, metrics, weighted_metrics: weighted } = config;
  if (!isEmpty(weighted)) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      'it has weighted_metrics, which are not supported: metrics count all samples alike',
    );
  }
  return {
    loss: readLosses(loss) as CompileOptions['loss'],
    ...(weights != null && {
      lossWeights: (typeof weights === 'number' ? [weights] : weights) as NonNullable<CompileOptions['lossWeights']>,
    }),
    ...(!isEmpty(metrics) && { metrics: readMetrics(metrics, names) }),
  };
}

/** Null, or lists and records of nothing. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.every(isEmpty);
  return kindOf(value) === 'Object' && !hasClass(value) && Object.values(value as object).every(isEmpty);
}

function hasClass(value: unknown): boolean {
  return kindOf(value) === 'Object' && Object.hasOwn(value as object, 'class_name');
}

/** One, a list, or a record by outputs. */
function readLosses(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(readLoss);
  if (kindOf(given) !== 'Object' || hasClass(given)) return readLoss(given);
  return Object.fromEntries(Object.entries(given as object).map(([name, one]) => [name, readLoss(one)]));
}

function readLoss(given: unknown): unknown {
  if (given === null || given === undefined) {
    throw new CudaGanError('CUDA_GAN_VALUE', 'it has no loss, or none for an output, which is not supported');
  }
  const { className, config } = figureObject('loss', given);
  const name = nameIn(className, (name) =>
    Object.hasOwn(lossClasses, name) ? lossClasses[name as LossName] : undefined,
  );
  if (name === undefined) throw unknownFigure('loss', className, Object.values(lossClasses));
  const options = readOptions(className, config, lossOnly);
  return Object.keys(options).length === 0 ? name : { name, ...mapKeys(options, camelCase) };
}

/** Our name for what Keras calls by its class, by its function, or in short. */
function nameIn(kerasName: string, classOf: (name: string) => string | undefined): string | undefined {
  const plain = camelCase(/^[A-Z]+$/.test(kerasName) ? kerasName.toLowerCase() : lowerFirst(kerasName));
  const candidates = [plain, ownValue(shortNames, plain), camelCase(snakeCaseOfClass(kerasName))];
  return candidates.find((name) => name !== undefined && classOf(name) !== undefined);
}

function unknownFigure(kind: string, className: string, known: readonly string[]): CudaGanError {
  return new CudaGanError('CUDA_GAN_VALUE', `unknown ${kind} ${inWords(className)}; known are ${known.join(', ')}`);
}

/** The class and options of a loss or metric; of a function, or a name, no options. */
function figureObject(kind: string, given: unknown): { readonly className: string; readonly config: KerasConfig } {
  if (typeof given === 'string') return { className: given, config: {} };
  const { class_name: className, config } = requireRecord(`a ${kind}`, given) as Partial<KerasObject>;
  // Of Keras 2: a function that is averaged.
  if (className === 'MeanMetricWrapper' && isKerasObject(given)) return figureObject(kind, given.config.fn);
  if (className === 'function' && typeof config === 'string') return { className: config, config: {} };
  if (isKerasObject(given)) return { className: given.class_name, config: given.config };
  throw new CudaGanError('CUDA_GAN_VALUE', `${inWords(given)} is no ${kind} of Keras`);
}

/** Options without what says what is so anyway. */
function readOptions(
  className: string,
  config: KerasConfig,
  only: Readonly<Record<string, readonly unknown[]>>,
): KerasConfig {
  const options = Object.entries(config).filter(([key, option]) => {
    const allowed = ownValue(only, key);
    if (key === 'name' || (allowed !== undefined && isAllowed(allowed, option))) return false;
    // What an option of Keras' own says by null is among what is allowed; `reduction` says that losses are not reduced.
    if (allowed === undefined) return option !== null;
    throw unsupportedOption(className, key, option);
  });
  return Object.fromEntries(options);
}

function unsupportedOption(className: string, key: string, option: unknown): CudaGanError {
  return new CudaGanError('CUDA_GAN_VALUE', `${className} has ${key} = ${inWords(option)}, which is not supported`);
}

/** Keras' metrics of all outputs, or by output: a list, or a record that may leave outputs out. */
function readMetrics(given: unknown, names: readonly string[]): NonNullable<CompileOptions['metrics']> {
  if (names.length === 1)
    return listOf(kindOf(given) === 'Object' && !hasClass(given) ? Object.values(given as object) : given);
  if (kindOf(given) === 'Object' && !hasClass(given)) {
    const empty = names.map((name) => [name, []] as const);
    const ofOutputs = Object.entries(given as object).map(([name, metrics]) => [name, listOf(metrics)] as const);
    return Object.fromEntries([...empty, ...ofOutputs]);
  }
  if (Array.isArray(given) && (given.length === names.length || given.some(Array.isArray))) return given.map(listOf);
  return listOf(given);
}

/** All metrics in a list, however deep. */
function listOf(given: unknown): readonly MetricLike[] {
  if (given === null || given === undefined) return [];
  return (Array.isArray(given) ? given.flat(8) : [given]).filter((one) => one !== null).map(readMetric);
}

function readMetric(given: unknown): MetricLike {
  if (given === 'accuracy' || given === 'acc') return 'accuracy';
  const { className, config } = figureObject('metric', given);
  const found = metricOf(className);
  if (found === undefined) return shortMetric(className);
  const { name, kerasClass } = found;
  const { options = {}, only = {}, write } = metricTable[name];
  const defaults = ownValue(kerasDefaults, kerasClass) ?? {};
  const all = Object.entries({ ...defaults, ...config });
  const said = all.flatMap(([key, value]) => {
    const read = ownValue(options, key);
    const isSaid = read !== undefined && (value !== null || Object.hasOwn(defaults, key));
    return isSaid ? [within(className, () => read(value))] : [];
  });
  const others = Object.fromEntries(all.filter(([key]) => !Object.hasOwn(options, key)));
  const [unknown] = Object.entries(readOptions(className, others, { dtype: [null, 'float32'], ...only }));
  if (unknown !== undefined) throw unsupportedOption(className, ...unknown);
  const { name: figure } = config;
  const isOwnName = typeof figure === 'string' && figure !== snakeCaseOfClass(kerasClass) && write !== undefined;
  const chosen = Object.assign({}, ...said, isOwnName ? { figure } : {}) as object;
  return (Object.keys(chosen).length === 0 ? name : { name, ...chosen }) as MetricLike;
}

/** Our metric for a class of Keras, which its name as a function stands for too. */
function metricOf(className: string): { readonly name: MetricName; readonly kerasClass: string } | undefined {
  for (const [name, { classes }] of Object.entries(metricTable)) {
    const kerasClass = classes.find((one) => one === className || snakeCaseOfClass(one) === className);
    if (kerasClass !== undefined) return { name: name as MetricName, kerasClass };
  }
  return undefined;
}

/** One that Keras knows by a short name, such as `mse`. */
function shortMetric(className: string): MetricName {
  const name = nameIn(className, (one) => (one !== 'accuracy' && Object.hasOwn(metricTable, one) ? one : undefined));
  if (name !== undefined) return name as MetricName;
  const classes = Object.values(metricTable).flatMap((entry) => entry.classes);
  throw unknownFigure('metric', className, ['accuracy', ...classes]);
}
