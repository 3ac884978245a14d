// Autoencoders that take no time, and images for them.
import { Autoencoder, type AutoencoderOptions, tensor, VAE, type VaeOptions } from '../../lib/index';

const narrow = {
  networks: { name: 'mlp', width: 1 / 25 },
  imageShape: [4, 4, 1],
  latentDim: 3,
  seed: 1,
  device: 'cpu',
} as const;

export function smallVae(options: VaeOptions = {}): VAE {
  return new VAE({ ...narrow, ...options });
}

export function smallAutoencoder(options: AutoencoderOptions = {}): Autoencoder {
  return new Autoencoder({ ...narrow, ...options });
}

/** Grey pixels [12, 4, 4, 1], and their classes 0 to 2. */
export function smallImages() {
  const images = tensor(
    Uint8Array.from({ length: 12 * 16 }, (_, i) => (i * 37) % 256),
    [12, 4, 4, 1],
  );
  const labels = tensor(
    Int32Array.from({ length: 12 }, (_, i) => i % 3),
    [12],
  );
  return { images, labels };
}
