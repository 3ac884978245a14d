// What makes images in a folder that `train` wrote: a GAN, or a variational autoencoder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { VAE } from '../autoencoders/vae.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { CudaGanError } from '../errors.js';
import { GAN } from '../gan/gan.js';
import { runFiles } from '../runs/run-files.js';

export interface LoadSourceOptions {
  readonly device?: Device | DeviceChoice | undefined;
  readonly threads?: number | undefined;
  /** Of the noise. */
  readonly seed: number;
  /** Whether the best one of the run is wanted, in place of the last. */
  readonly best?: boolean | undefined;
}

/** @throws CudaGanError `CUDA_GAN_FILE` for a folder that holds nothing that makes images, or a damaged file. */
export async function loadSource(
  folder: string,
  { device, threads, seed, best = false }: LoadSourceOptions,
): Promise<GAN | VAE> {
  const holds = (file: string) => existsSync(join(folder, file));
  const loadGan = () => GAN.load(folder, { best, seed, device, threads });
  if (holds(runFiles.generator)) return loadGan();
  if (holds(runFiles.vae)) {
    if (best && !holds(runFiles.best)) {
      throw new CudaGanError(
        'CUDA_GAN_FILE',
        `${folder} holds no best model, ${runFiles.best}: only a run with --metrics-interval keeps one, from its first measurement on`,
      );
    }
    return VAE.load(join(folder, best ? runFiles.best : runFiles.vae), { seed, device, threads });
  }
  if (holds(runFiles.autoencoder)) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${folder} holds an autoencoder, which makes images of images and draws none of its own; train --model vae makes a model that does`,
    );
  }
  if (holds(runFiles.classify) || holds(runFiles.classifier)) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${folder} holds a classifier, which tells classes and makes no images; cuda-gan classify evaluate measures it`,
    );
  }
  return loadGan();
}
