// The layer that an autoencoder is trained by: images to how far they are from what the decoder makes of their code.
import { oneOf } from '../checks.js';
import type { CallOptions, LayerConfig } from '../layers/layer.js';
import { registerClass } from '../layers/registry.js';
import { toLoss } from '../losses/index.js';
import { mean, reshape } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { type Shape, sizeOf } from '../tensor.js';
import { EncoderDecoder, type EncoderDecoderOptions, encoderDecoderOptionNames } from './encoder-decoder.js';
import { type InputNoise, inputNoise, withNoise } from './noise.js';
import { requirePlainPair } from './pair.js';

export const reconstructionLosses = ['binaryCrossentropy', 'meanSquaredError'] as const;

/** What an autoencoder is trained for. */
export interface ReconstructionSettings {
  /**
   * Between images and what is made of them, the mean over pixels. `binaryCrossentropy` is for pixels of 0 to 1 and a decoder
   * that ends in a sigmoid. Default `binaryCrossentropy`.
   */
  readonly loss?: (typeof reconstructionLosses)[number] | undefined;
  /** What is done in training to the images that the encoder is shown; the loss is that of the clean ones. Default: nothing. */
  readonly noise?: InputNoise | undefined;
}

/** @internal */
export const reconstructionSettingNames: OptionNames<ReconstructionSettings> = { loss: true, noise: true };

/** The settings with their defaults. @internal */
export interface ReconstructionPlan {
  readonly loss: (typeof reconstructionLosses)[number];
  readonly noise?: InputNoise;
}

type ReconstructionOptions = EncoderDecoderOptions & ReconstructionSettings;

const optionNames = { ...encoderDecoderOptionNames, ...reconstructionSettingNames };

/** Images [n, ...image] → [n, 1]: the loss of each. @internal */
export class Reconstruction extends EncoderDecoder {
  static override readonly className = 'Reconstruction';
  readonly settings: ReconstructionPlan;

  constructor(options: ReconstructionOptions) {
    const { loss = 'binaryCrossentropy', noise, ...base } = checkOptions('Reconstruction', options, optionNames);
    super(base);
    requirePlainPair(this.encoder, this.decoder);
    this.settings = {
      loss: oneOf('loss', reconstructionLosses, loss),
      ...(noise !== undefined && { noise: inputNoise(noise) }),
    };
  }

  override computeOutputShape(): Shape {
    return [1];
  }

  override call([images]: readonly [Value], options: CallOptions): Value {
    const { graph, shape } = images;
    const { loss, noise } = this.settings;
    const shown = noise !== undefined && options.training ? withNoise(images, noise) : images;
    const code = graph.scope('encoder', () => this.encoder.callOn([shown], options));
    const [made] = graph.scope('decoder', () => this.decoder.callOn(code, options));
    const losses = toLoss(loss).lossOf(images, made!);
    return mean(reshape(losses, [shape[0]!, 1, sizeOf(shape.slice(1))]), -1);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), ...this.settings };
  }
}

registerClass(Reconstruction);
