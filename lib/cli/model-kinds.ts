// The kinds of models that `train` trains, and which of its options are for which.
import type { Command } from 'commander';
import { CudaGanError } from '../errors.js';

export const autoencoderKinds = ['vae', 'autoencoder', 'cvae'] as const;
export const modelKinds = ['gan', ...autoencoderKinds] as const;

export type AutoencoderKind = (typeof autoencoderKinds)[number];
export type ModelKind = (typeof modelKinds)[number];

/** By their names in code. Others are for all. */
const kindsOf: Readonly<Record<string, readonly ModelKind[]>> = {
  steps: ['gan'],
  sampleInterval: ['gan'],
  preset: ['gan'],
  pretrainSteps: ['gan'],
  metricsInterval: ['gan', 'vae', 'cvae'],
  epochs: autoencoderKinds,
  networks: autoencoderKinds,
  binarize: ['vae', 'cvae'],
  beta: ['vae', 'cvae'],
};

/** @throws CudaGanError `CUDA_GAN_VALUE` for an option on the command line that is for other models. */
export function requireFitting(kind: ModelKind, command: Command): void {
  const isTyped = (name: string) => command.getOptionValueSource(name) === 'cli';
  const wrong = Object.entries(kindsOf).find(([name, kinds]) => isTyped(name) && !kinds.includes(kind));
  if (wrong === undefined) return;
  const [name, kinds] = wrong;
  const flag = command.options.find((option) => option.attributeName() === name)!.long;
  throw new CudaGanError('CUDA_GAN_VALUE', `${flag} is for --model ${kinds.join(', ')}, and the model is ${kind}`);
}
