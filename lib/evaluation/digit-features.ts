// The package's feature network: a small convolutional classifier of MNIST's digits, trained by scripts/train-digit-features.mjs.
import { join } from 'node:path';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { CudaGanError } from '../errors.js';
import { loadModel } from '../models/load-model.js';
import type { Predictions } from '../models/model.js';
import { checkOptions, type OptionNames } from '../options.js';
import { packageRoot } from '../package-info.cjs';
import { FeatureNetwork } from './feature-network.js';

/** Of the weights in weights/digits-1.safetensors. Other weights have another version. @internal */
export const digitNetwork = { name: 'digits', version: '1', testAccuracy: 0.9942 } as const;

/** What `digitFeatures` takes. */
export interface DigitFeaturesOptions {
  /** Where it computes. Default `auto`. */
  readonly device?: Device | DeviceChoice | undefined;
}

const optionNames: OptionNames<DigitFeaturesOptions> = { device: true };

/**
 * Loads the network that the package brings: 64 features and ten classes of images [28, 28, 1], white digits on black.
 * It is not Inception: figures by it are comparable with each other, and not with the FID of articles.
 * @throws CudaGanError `CUDA_GAN_FILE` when the package's weights are not there, as in a bundle without the package installed;
 * `CUDA_GAN_VALUE` for a wrong option; `CUDA_GAN_NO_DEVICE`.
 */
export async function digitFeatures(options?: DigitFeaturesOptions): Promise<FeatureNetwork> {
  const { device } = checkOptions('metrics.digitFeatures', options, optionNames);
  const { name, version } = digitNetwork;
  const model = await loadModel<Predictions>(join(weightsFolder(), `${name}-${version}.safetensors`), { device });
  return new FeatureNetwork(model, digitNetwork);
}

function weightsFolder(): string {
  try {
    return join(packageRoot(), 'weights');
  } catch (cause) {
    throw new CudaGanError('CUDA_GAN_FILE', `the weights of the feature network: ${(cause as Error).message}`, {
      cause,
    });
  }
}
