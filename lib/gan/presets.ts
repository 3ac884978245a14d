// The presets: networks, and how they are trained against each other, as their papers have it.

import type { PlainOptimizer } from '../optimizers/index.js';
import type { CompositionOptions } from './composition.js';
import type { NetworksSpec } from './networks/index.js';
import type { Conditioning } from './networks/options.js';

/** What a preset stands for: plain data, in the words of the options of a GAN. */
export interface Preset extends CompositionOptions {
  /** One line for people. */
  readonly advice: string;
  /** Where it comes from. */
  readonly paper: string;
  readonly networks: NetworksSpec;
  readonly conditioning?: Conditioning;
  readonly generatorOptimizer: PlainOptimizer;
  readonly discriminatorOptimizer: PlainOptimizer;
}

const adam = (learningRate: number, beta1: number, beta2 = 0.999) => ({
  name: 'adam' as const,
  learningRate,
  beta1,
  beta2,
});

/** Adam for both networks. */
const both = (optimizer: PlainOptimizer) => ({ generatorOptimizer: optimizer, discriminatorOptimizer: optimizer });

const dcgan = (discriminator: 'batch' | 'spectral' | 'none'): NetworksSpec => ({
  name: 'dcgan',
  discriminator: { normalization: discriminator },
});

const table = {
  mlp: {
    paper: "Goodfellow et al. 2014, with the networks and settings of the article's script",
    advice: 'fast, and enough for MNIST; images come out speckled',
    networks: 'mlp',
    ...both(adam(0.0002, 0.5)),
  },
  cnn: {
    paper: "Goodfellow et al. 2014, with the article's networks for images",
    advice: 'max-pooling and an inverse convolutional network; dcgan is the better of the two',
    networks: 'cnn',
    ...both(adam(0.0002, 0.5)),
  },
  dcgan: {
    paper: 'Radford, Metz & Chintala 2016',
    advice: 'smooth images of 28, 32 or 64 pixels; the first to try for pictures',
    networks: 'dcgan',
    ...both(adam(0.0002, 0.5)),
  },
  cgan: {
    paper: 'Mirza & Osindero 2014',
    advice: 'the class is chosen; needs labels',
    networks: 'mlp',
    conditioning: 'concatenation',
    ...both(adam(0.0002, 0.5)),
  },
  acgan: {
    paper: 'Odena, Olah & Shlens 2017',
    advice: 'the class is chosen, and the discriminator becomes a classifier; needs labels',
    networks: 'dcgan',
    conditioning: 'auxiliaryClassifier',
    updates: 'joint',
    ...both(adam(0.0002, 0.5)),
  },
  projection: {
    paper: 'Miyato & Koyama 2018, with the moving average of Brock et al. 2019',
    advice: 'the class is chosen; the best images of all where there are labels',
    networks: dcgan('spectral'),
    conditioning: 'projection',
    objective: 'hinge',
    updates: 'joint',
    ema: true,
    ...both(adam(0.0002, 0, 0.9)),
  },
  lsgan: {
    paper: 'Mao et al. 2017',
    advice: 'gradients do not vanish where the discriminator is sure',
    networks: 'dcgan',
    objective: 'leastSquares',
    updates: 'joint',
    ...both(adam(0.0002, 0.5)),
  },
  wgan: {
    paper: 'Arjovsky, Chintala & Bottou 2017',
    advice: 'the loss follows quality; slow, because weights are clipped: wgan-gp is the better of the two',
    networks: dcgan('batch'),
    objective: 'wasserstein',
    regularizers: ['weightClipping'],
    updates: 'joint',
    discriminatorSteps: 5,
    ...both({ name: 'rmsprop', learningRate: 0.00005 }),
  },
  'wgan-gp': {
    paper: 'Gulrajani et al. 2017',
    advice: 'steady with most networks; five updates of the discriminator a step make it slow',
    networks: dcgan('none'),
    objective: 'wasserstein',
    regularizers: ['gradientPenalty'],
    discriminatorSteps: 5,
    ...both(adam(0.0001, 0.5, 0.9)),
  },
  hinge: {
    paper: 'Miyato et al. 2018, Lim & Ye 2017',
    advice: 'steady and fast: spectral normalisation costs little',
    networks: dcgan('spectral'),
    objective: 'hinge',
    updates: 'joint',
    ...both(adam(0.0002, 0.5)),
  },
  r3gan: {
    paper: 'Huang et al. 2024',
    advice: 'covers all modes, and gets better as long as it trains; a step takes twice the time',
    networks: { name: 'dcgan', generator: { normalization: 'none' }, discriminator: { normalization: 'none' } },
    objective: 'relativisticPaired',
    regularizers: [
      { name: 'r1', gamma: 1 },
      { name: 'r2', gamma: 1 },
    ],
    ema: true,
    ...both(adam(0.0002, 0, 0.99)),
  },
} as const satisfies Readonly<Record<string, Preset>>;

/** Presets by name: `cuda-gan presets` says what each of them is. @useDeclaredType */
export type PresetName = keyof typeof table;

/** @internal */
export const presets: Readonly<Record<PresetName, Preset>> = table;
