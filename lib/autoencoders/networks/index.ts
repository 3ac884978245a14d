// Pairs of encoder and decoder, by name.
import { kindOf, named, notAllowed } from '../../checks.js';
import { checkOptions } from '../../options.js';
import type { Coder } from '../pair.js';
import { cnnDecoder, cnnEncoder } from './cnn.js';
import { mlpDecoder, mlpEncoder } from './mlp.js';
import { type CoderOptions, type CoderPlan, planCoders } from './options.js';

interface Coders {
  readonly encoder: (plan: CoderPlan, outputs: readonly string[]) => Coder;
  readonly decoder: (plan: CoderPlan) => Coder;
}

const networks = {
  mlp: { encoder: mlpEncoder, decoder: mlpDecoder },
  cnn: { encoder: cnnEncoder, decoder: cnnDecoder },
};

/** Pairs of an encoder and a decoder that are made by name. @useDeclaredType */
export type CodersName = keyof typeof networks;

/** Networks by name, or with a factor for the numbers of hidden units and channels. */
export type CodersSpec =
  | CodersName
  | {
      /** Which pair. */
      readonly name: CodersName;
      /** What the numbers of hidden units and channels are multiplied by. Default 1. */
      readonly width?: number | undefined;
    };

/** How to make the encoder, with outputs of these names, and the decoder. @internal */
export interface CoderMakers {
  encoder(outputs: readonly string[]): Coder;
  decoder(): Coder;
}

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name, or a value that is not allowed; `CUDA_GAN_SHAPE` for images without such networks. */
export function toCoders(wanted: CodersSpec, options: Omit<CoderOptions, 'width'>): CoderMakers {
  const given = typeof wanted === 'string' ? { name: wanted } : wanted;
  if (kindOf(given) !== 'Object') {
    throw notAllowed('networks', wanted, `${Object.keys(networks).join(', ')}, and objects with name and width`);
  }
  const { name, width } = checkOptions('networks', given, { name: true, width: true });
  const { encoder, decoder } = named<Coders>('networks', networks, name);
  const plan = planCoders({ ...options, width });
  return { encoder: (outputs) => encoder(plan, outputs), decoder: () => decoder(plan) };
}
