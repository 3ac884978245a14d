// The autoencoder: an encoder to a short code, and a decoder that makes the image of it again.
import { resolveDevice } from '../devices/select.js';
import type { TrainingImages } from '../gan/training-data.js';
import type { Prediction } from '../models/model.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import {
  type AutoencoderLoadOptions,
  type CodingOptions,
  codingOptionNames,
  type GivenCoders,
  LatentModel,
  loadOptionNames,
  savedLayer,
} from './latent-model.js';
import { requireLatents } from './latents.js';
import type { Coder } from './pair.js';
import { Reconstruction, type ReconstructionSettings, reconstructionSettingNames } from './reconstruction.js';

export interface AutoencoderOptions extends CodingOptions, ReconstructionSettings {
  /** Image to code, [latentDim]. Default: that of `networks`. */
  readonly encoder?: Coder | undefined;
  /** Code to image. Default: that of `networks`. */
  readonly decoder?: Coder | undefined;
}

/** @internal */
export const autoencoderOptionNames: OptionNames<AutoencoderOptions> = {
  ...codingOptionNames,
  ...reconstructionSettingNames,
  encoder: true,
  decoder: true,
};

/**
 * An autoencoder (Hinton & Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks, 2006), which may be denoising.
 *
 * @example
 * const autoencoder = new Autoencoder({ latentDim: 16, noise: { name: 'gaussian', stddev: 0.3 }, seed: 1 });
 * await autoencoder.fit(images, { epochs: 10, batchSize: 100 });
 * const clean = await autoencoder.reconstruct(noisyImages);
 */
export class Autoencoder extends LatentModel {
  /**
   * @throws CudaGanError `CUDA_GAN_SHAPE` when the networks do not fit each other; `CUDA_GAN_VALUE` for a wrong option;
   * `CUDA_GAN_NO_DEVICE` when the device is not there.
   */
  constructor(options: AutoencoderOptions = {}) {
    const { encoder, decoder, loss, noise, ...coding } = checkOptions(
      'new Autoencoder',
      options,
      autoencoderOptionNames,
    );
    super(coding, { encoder, decoder } satisfies GivenCoders, {
      name: 'autoencoder',
      outputs: ['code'],
      layer: (encoder, decoder) => new Reconstruction({ encoder, decoder, loss, noise }),
      figures: [],
      unitPixels: loss !== 'meanSquaredError',
    });
  }

  /** Codes [n, latentDim] of images [n, ...imageShape]. @throws as `reconstruct`. */
  async encode(images: TrainingImages): Promise<Prediction> {
    const [codes] = await this.codesOf(this.takenFrom('images', images));
    return codes!;
  }

  /** Images [n, ...imageShape] of codes [n, latentDim]. @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for others. */
  async decode(codes: Tensor<Float32Array>): Promise<Prediction> {
    return this.decoded(requireLatents('codes', codes, this.latentDim), undefined);
  }

  /**
   * Reads what `save` wrote. Classes of layers of one's own must be registered before, by `registerClass`.
   * @throws CudaGanError `CUDA_GAN_FILE` when the file is missing or damaged, or holds something else.
   */
  static async load(path: string, options: AutoencoderLoadOptions = {}): Promise<Autoencoder> {
    const given = checkOptions('Autoencoder.load', options, loadOptionNames);
    const device = resolveDevice(given.device, given);
    const { layer, seed } = await savedLayer(path, Reconstruction, 'an Autoencoder');
    const { encoder, decoder, settings } = layer;
    const made = new Autoencoder({
      encoder,
      decoder,
      ...settings,
      optimizer: given.optimizer,
      seed: given.seed ?? seed,
      device,
    });
    await made.model.loadWeights(path);
    return made;
  }
}
