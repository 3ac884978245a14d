// Figures of what a model generates, at the end of epochs.
import { kindOf, notAllowed, wholeNumber, wholeNumberIn } from '../checks.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { drawSamples } from '../evaluation/draw-samples.js';
import { type FeatureNetwork, requireFeatureNetwork } from '../evaluation/feature-network.js';
import { figuresOf, GeneratorWatch, someOfReference, type WatchReference } from '../evaluation/generator-watch.js';
import { asBytes } from '../evaluation/pixels.js';
import { type ImageSource, isImageSource } from '../gan/image-source.js';
import { maxRows } from '../gan/sampling.js';
import { requireLabels } from '../gan/training-data.js';
import { requirePixelRange } from '../models/pixel-range.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import type { Callbacks } from '../training/callbacks.js';

/** What `generatorMetrics` takes. */
export interface GeneratorMetricsOptions {
  /** What makes the samples: the `VAE` that is trained, a `GAN`, or an object that does the same. */
  readonly source: ImageSource;
  /**
   * Data that the samples are compared with, images [m, height, width, channels], alone or with their classes, as frequent as
   * which samples are made; the test set, where there is one.
   */
  readonly reference:
    | Tensor
    | {
        /** [m, height, width, channels] */
        readonly images: Tensor;
        /** Class numbers, [m]. */
        readonly labels?: Tensor | undefined;
      };
  /** Epochs between two measurements. Default 1. */
  readonly interval?: number | undefined;
  /** Samples of each measurement, and as many images of the reference: always the same, or all where there are fewer. Default 2000. */
  readonly count?: number | undefined;
  /** Default: that of `metrics.digitFeatures`, which takes images [28, 28, 1]. */
  readonly network?: FeatureNetwork | undefined;
  /** Where the figures are computed. Default `auto`. */
  readonly device?: Device | DeviceChoice | undefined;
}

const optionNames: OptionNames<GeneratorMetricsOptions> = {
  source: true,
  reference: true,
  interval: true,
  count: true,
  network: true,
  device: true,
};

/**
 * Adds `frechetDistance`, `precision`, `recall` and, where the network tells classes, `classifierScore` of samples to the figures
 * of every `interval`-th epoch, for the callbacks after it. `GAN.train` measures by itself, with `metricsInterval`.
 *
 * @example
 * const measured = callbacks.generatorMetrics({ source: vae, reference, interval: 5 });
 * const best = callbacks.modelCheckpoint({
 *   filepath: 'best.safetensors',
 *   monitor: 'frechetDistance',
 *   mode: 'min',
 *   saveBestOnly: true,
 * });
 * await vae.fit(images, { epochs: 50, callbacks: [measured, best] });
 *
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option; `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for a reference that is no images;
 * when the training begins, the same for images that do not fit the network or are too few, and as `metrics.digitFeatures`.
 */
export function generatorMetrics(options: GeneratorMetricsOptions): Callbacks {
  const given = checkOptions('callbacks.generatorMetrics', options, optionNames);
  const { source, network, interval = 1, count = 2000 } = given;
  if (!isImageSource(source)) throw notAllowed('source', source, 'GANs, VAEs, and objects that do the same');
  wholeNumber('interval', interval, 1);
  wholeNumberIn('count', count, 1, maxRows);
  if (network !== undefined) requireFeatureNetwork('network', network);
  const device = resolveDevice(given.device);
  const range = requirePixelRange('pixelRange of the source', source.pixelRange);
  // A copy: the arrays may hold something else when the training begins.
  const reference = someOfReference(requireReference(given.reference, source), count, 0);
  const names = { reference: 'reference', count: 'count' };
  let watch: GeneratorWatch | undefined;
  const close = () => {
    watch?.dispose();
    watch = undefined;
  };
  return {
    name: 'generatorMetrics',
    figures: figuresOf(network),
    onTrainBegin: async () => {
      close();
      watch = await GeneratorWatch.open({ reference, count, network, device, range, names });
    },
    onEpochEnd: async (epoch, logs) => {
      if ((epoch + 1) % interval !== 0) return;
      Object.assign(logs, await watch!.measure(await drawSamples(source, watch!.draws)));
    },
    onTrainEnd: close,
  };
}

/** Images, and their classes where the source is given classes. */
function requireReference(reference: GeneratorMetricsOptions['reference'], source: ImageSource): WatchReference {
  const { images, labels } = isLabelled(reference) ? reference : { images: reference, labels: undefined };
  const bytes = asBytes('reference', images, source.pixelRange);
  if (labels === undefined || !source.takesLabels) return { images: bytes };
  return { images: bytes, labels: requireLabels('reference', labels, bytes.shape[0]!, source.classes ?? 2 ** 31) };
}

function isLabelled(
  reference: GeneratorMetricsOptions['reference'],
): reference is Exclude<GeneratorMetricsOptions['reference'], Tensor> {
  return kindOf(reference) === 'Object' && 'images' in reference;
}
