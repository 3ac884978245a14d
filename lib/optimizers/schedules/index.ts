// Schedules of learning rates, with Keras' formulas and options where Keras has them.
import { builtIn, type PlainPart, requireOwnName } from '../../built-in.js';
import {
  kindOf,
  named,
  nonEmptyText,
  nonNegativeNumber,
  notAllowed,
  positiveNumber,
  wholeNumber,
} from '../../checks.js';
import { affine, cos, fill, maximum, minimum, multiply } from '../../ops/index.js';
import { checkOptions, type OptionNames } from '../../options.js';
import type { Value } from '../../program/value.js';
import type { Schedule } from './schedule.js';

export type { Schedule } from './schedule.js';

interface CommonOptions {
  /** The rate behind the warm-up. */
  readonly initialLearningRate: number;
  /** The first so many updates the rate rises evenly from 0 to `initialLearningRate`. Default 0. */
  readonly warmupSteps?: number | undefined;
}

/** What `constant` takes. */
export type ConstantOptions = CommonOptions;

/** What `linearDecay` takes. */
export interface LinearDecayOptions extends CommonOptions {
  /** Updates, behind the warm-up, until the rate is `endLearningRate`, where it stays. */
  readonly decaySteps: number;
  /** Default 0. */
  readonly endLearningRate?: number | undefined;
}

/** What `cosineDecay` takes. */
export interface CosineDecayOptions extends CommonOptions {
  /** Updates, behind the warm-up, until the rate is the `alpha`th of the initial one, where it stays. */
  readonly decaySteps: number;
  /** Default 0. */
  readonly alpha?: number | undefined;
}

const commonNames: OptionNames<CommonOptions> = { initialLearningRate: true, warmupSteps: true };

/** The rate stays, behind the warm-up. */
export function constant(options: ConstantOptions): Schedule {
  const { initialLearningRate, warmupSteps } = checkCommon(checkOptions('schedules.constant', options, commonNames));
  return builtIn({
    name: 'constant',
    options: { initialLearningRate, warmupSteps },
    rate: (updates) => warmed(updates, warmupSteps, fill(updates.graph, [], initialLearningRate)),
  });
}

/** Evenly from `initialLearningRate` to `endLearningRate`: Keras' `PolynomialDecay` of power 1. */
export function linearDecay(options: LinearDecayOptions): Schedule {
  const given = checkOptions('schedules.linearDecay', options, {
    ...commonNames,
    decaySteps: true,
    endLearningRate: true,
  });
  const { initialLearningRate, warmupSteps } = checkCommon(given);
  const decaySteps = wholeNumber('decaySteps', given.decaySteps, 1);
  const endLearningRate = nonNegativeNumber('endLearningRate', given.endLearningRate ?? 0);
  return builtIn({
    name: 'linearDecay',
    options: { initialLearningRate, decaySteps, endLearningRate, warmupSteps },
    rate: (updates) => {
      const done = shareDone(updates, warmupSteps, decaySteps);
      return warmed(updates, warmupSteps, affine(done, endLearningRate - initialLearningRate, initialLearningRate));
    },
  });
}

/** Half a cosine from `initialLearningRate` to `alpha` times that (Loshchilov & Hutter, SGDR, 2017): Keras' `CosineDecay`. */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const given = checkOptions('schedules.cosineDecay', options, { ...commonNames, decaySteps: true, alpha: true });
  const { initialLearningRate, warmupSteps } = checkCommon(given);
  const decaySteps = wholeNumber('decaySteps', given.decaySteps, 1);
  const alpha = nonNegativeNumber('alpha', given.alpha ?? 0);
  return builtIn({
    name: 'cosineDecay',
    options: { initialLearningRate, decaySteps, alpha, warmupSteps },
    rate: (updates) => {
      const done = shareDone(updates, warmupSteps, decaySteps);
      const half = (initialLearningRate * (1 - alpha)) / 2;
      return warmed(updates, warmupSteps, affine(cos(affine(done, Math.PI)), half, half + initialLearningRate * alpha));
    },
  });
}

const schedules = { constant, linearDecay, cosineDecay };

/** Schedules by name. @useDeclaredType */
export type ScheduleName = keyof typeof schedules;

/** Plain data (`{ name, ...options }`), or a schedule itself. */
export type ScheduleLike = PlainPart<typeof schedules> | Schedule;

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for what is no schedule. */
export function toSchedule(wanted: ScheduleLike): Schedule {
  if (kindOf(wanted) !== 'Object') throw notAllowed('learningRate', wanted, 'finite numbers above 0, and schedules');
  const { name, ...options } = wanted;
  if ('rate' in wanted && typeof wanted.rate === 'function') {
    nonEmptyText('the name of the schedule', name);
    requireOwnName('schedule', wanted, schedules);
    return wanted as Schedule;
  }
  return named<(options: never) => Schedule>('schedule', schedules, name)(options as never);
}

function checkCommon({ initialLearningRate, warmupSteps = 0 }: CommonOptions) {
  return {
    initialLearningRate: positiveNumber('initialLearningRate', initialLearningRate),
    warmupSteps: wholeNumber('warmupSteps', warmupSteps, 0),
  };
}

/** How much of the decay is done, 0 to 1. */
function shareDone(updates: Value, warmupSteps: number, decaySteps: number): Value {
  return clamped(affine(updates, 1 / decaySteps, -warmupSteps / decaySteps));
}

/** `rate` behind the warm-up, and the share of it before. */
function warmed(updates: Value, warmupSteps: number, rate: Value): Value {
  return warmupSteps === 0 ? rate : multiply(rate, clamped(affine(updates, 1 / warmupSteps)));
}

function clamped(x: Value): Value {
  return minimum(maximum(x, fill(x.graph, [], 0)), fill(x.graph, [], 1));
}
