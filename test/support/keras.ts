// What Keras answered to small inputs (test/golden/make_keras.py), and how to compare with it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Tensor, tensor } from '../../lib/index';

export interface Golden {
  readonly shape: number[];
  readonly data: number[];
}

/** A result of training. */
export interface GoldenResult {
  /** In float64. */
  readonly exact: Golden;
  /** How far Keras' float32 is from that, at most. */
  readonly rounding: number;
}

interface GoldenTraining<Figure extends string> {
  readonly x: Golden;
  readonly weights: readonly Golden[];
  readonly after: Readonly<Record<Figure, GoldenResult>>;
}

export interface GoldenKeras {
  readonly activations: {
    readonly x: Golden;
    readonly functions: Readonly<Record<string, Golden>>;
    readonly layers: Readonly<Record<string, Golden>>;
  };
  readonly dense: readonly {
    readonly useBias: boolean;
    readonly activation: 'tanh' | 'linear' | 'relu';
    readonly x: Golden;
    readonly weights: readonly Golden[];
    readonly y: Golden;
  }[];
  readonly batchNormalization: Readonly<Record<'x' | 'inference' | 'frozen' | 'training', Golden>> &
    Readonly<Record<'weights' | 'frozenWeights' | 'trainedWeights', readonly Golden[]>>;
  readonly losses: readonly {
    readonly loss: string;
    readonly logitsOf: 'sigmoid' | 'softmax' | null;
    readonly targets: Golden;
    readonly predictions: Golden;
    readonly value: Golden;
    readonly gradient: Golden;
  }[];
  readonly metrics: readonly {
    readonly metric: string;
    readonly targets: Golden;
    readonly predictions: Golden;
    readonly value: number;
  }[];
  readonly optimizers: {
    readonly weight: Golden;
    readonly gradients: readonly Golden[];
    readonly cases: readonly {
      readonly optimizer: 'adam' | 'rmsprop' | 'sgd';
      readonly config: object;
      readonly after: readonly Golden[];
    }[];
  };
  readonly initializers: {
    readonly shape: number[];
    readonly samples: Readonly<Record<string, Readonly<Record<'mean' | 'stddev' | 'largest', number>>>>;
  };
  readonly trainOnBatch: GoldenTraining<'loss' | 'accuracy' | 'weights' | 'predictions' | 'evaluated'> & {
    readonly labels: Golden;
  };
  readonly fit: GoldenTraining<'loss' | 'accuracy' | 'valLoss' | 'valAccuracy' | 'weights'> & { readonly y: Golden };
  readonly summary: Readonly<
    Record<
      'generator' | 'discriminator',
      {
        readonly layers: readonly { readonly type: string; readonly outputShape: number[]; readonly params: number }[];
        readonly total: number;
        readonly trainable: number;
      }
    >
  >;
}

export const keras: GoldenKeras = JSON.parse(readFileSync(join(__dirname, '../golden/keras.json'), 'utf8'));

/** Unit roundoff of float32. */
export const u = 2 ** -24;

export const floats = ({ shape, data }: Golden): Tensor<Float32Array> => tensor(Float32Array.from(data), shape);
export const integers = ({ shape, data }: Golden): Tensor<Int32Array> => tensor(Int32Array.from(data), shape);

/** Names the numbers that are further from the wanted ones than `tolerance` of these allows. */
export function mismatches(
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: (wanted: number) => number,
): string[] {
  if (found.length !== wanted.length) return [`${found.length} numbers, wanted ${wanted.length}`];
  return Array.from(wanted).flatMap((value, i) =>
    Math.abs(found[i]! - value) <= tolerance(value) ? [] : [`[${i}] ${found[i]}, wanted ${value}`],
  );
}
