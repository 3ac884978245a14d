// What PyTorch makes of objectives, regularizers and compositions (test/golden/make_adversarial.py), and how to compare.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Device } from '../../lib/devices/device';
import type { CompositionOptions } from '../../lib/gan/composition';
import { createDevice, type Tensor } from '../../lib/index';
import type { OptimizerLike } from '../../lib/optimizers';
import { cudaDevices } from '../support/devices';
import type { Golden } from '../support/keras';
import { type Build, run, runExact } from '../support/run';

/** How far PyTorch's float32 is from its float64, at most, over all numbers of an answer. */
interface Rounded {
  readonly rounding: number;
}

/** A loss, and its gradients by the logits of real and of generated images. */
export interface GoldenLoss {
  readonly loss: number;
  readonly real?: readonly number[];
  readonly fake?: readonly number[];
}

export interface GoldenObjective extends Rounded {
  readonly objective: NonNullable<CompositionOptions['objective']>;
  readonly discriminator: GoldenLoss;
  readonly generator: GoldenLoss;
}

export interface GoldenRegularizer extends Rounded {
  readonly regularizer: NonNullable<CompositionOptions['regularizers']>[number];
  readonly value: number;
  /** By the weights of the discriminator. */
  readonly gradients: readonly (readonly number[])[];
}

export type GoldenNetworks = 'plain' | 'normalized' | 'concatenation' | 'projection' | 'auxiliaryClassifier';

/** All weights of the networks, in the order of `Model.weights`. */
export interface GoldenWeights {
  readonly generator: readonly (readonly number[])[];
  readonly discriminator: readonly (readonly number[])[];
  /** The moving average of the generator. */
  readonly average?: readonly (readonly number[])[];
}

export interface GoldenTraining extends Rounded {
  readonly networks: GoldenNetworks;
  readonly options: CompositionOptions & { readonly discriminatorOptimizer?: OptimizerLike };
  readonly steps: readonly (GoldenWeights & { readonly figures: Readonly<Record<string, number>> })[];
}

export interface GoldenPytorch {
  readonly seed: number;
  readonly batchSize: number;
  /** Of stochastic gradient descent. */
  readonly learningRate: number;
  readonly latentDim: number;
  readonly classes: number;
  readonly images: Golden;
  readonly labels: readonly number[];
  readonly starts: Readonly<Record<GoldenNetworks, Readonly<Record<'generator' | 'discriminator', readonly Golden[]>>>>;
  readonly logits: Readonly<Record<'real' | 'fake', Golden>>;
  readonly objectives: readonly GoldenObjective[];
  readonly pair: Readonly<Record<'real' | 'fake', Golden>>;
  readonly regularizers: readonly GoldenRegularizer[];
  readonly trainings: readonly GoldenTraining[];
}

export const pytorch: GoldenPytorch = JSON.parse(readFileSync(join(__dirname, '../golden/adversarial.json'), 'utf8'));

/** Unit roundoff of float32. */
const u = 2 ** -24;

/**
 * The reference device computes in float64, as the expectation was computed. Both round by 2⁻⁵³ at every operation, and the
 * file has fourteen digits: a few hundred operations a step on numbers of size 1 to 10, in three steps, do not bring that
 * near 1e-10.
 */
const exactly = () => 1e-10;

/** Another order of sums errs about as much as PyTorch's own float32 does; luck in one of them is worth a factor of four. */
const likePytorch = (value: number, rounding: number) => 4 * rounding + u * Math.abs(value) + exactly();

export type Tolerance = (value: number, rounding: number) => number;

/** An objective, a regularizer or a composition in few words. */
export function inShort(part: unknown): string {
  return typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', '');
}

/** A device, how to run a graph on it, and how far it may be from PyTorch. */
export interface ComparedDevice {
  readonly label: string;
  readonly device: Device;
  readonly run: (inputs: readonly Tensor[], build: Build) => Promise<ArrayLike<number>[]>;
  readonly tolerance: Tolerance;
}

/** The reference device in float64, and the others in float32. */
export function comparedDevices(): ComparedDevice[] {
  const options = { seed: pytorch.seed };
  const native = [{ label: 'cpu', device: createDevice('cpu') }, ...cudaDevices()];
  return [
    {
      label: 'reference',
      device: createDevice('reference'),
      run: (inputs, build) => runExact(inputs, build, options),
      tolerance: exactly,
    },
    ...native.map(({ label, device }) => ({
      label,
      device,
      run: (inputs: readonly Tensor[], build: Build) => run(device, inputs, build, options),
      tolerance: likePytorch,
    })),
  ];
}
