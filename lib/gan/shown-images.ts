// What programs of a training show the discriminator: random images of the data, and images as its augmentations leave them.
import type { CallOptions } from '../layers/layer.js';
import { scalingOf } from '../models/pixel-range.js';
import { gather, randomIntegers } from '../ops/index.js';
import type { Graph } from '../program/graph.js';
import { requireReturned } from '../program/returned.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import type { Composition } from './composition.js';
import { type Judgement, judge, type Player, takesLabels } from './players.js';

/** The two networks. */
export interface Players {
  readonly generator: Pick<Player, 'model'>;
  readonly discriminator: Pick<Player, 'model'>;
}

/** Images on the device, uint8 pixels or float32 as they are, with their classes, int32 [n], where a network knows them. */
export interface ImagesOnDevice {
  readonly images: Variable;
  readonly labels?: Variable | undefined;
}

/** A batch of them in the discriminator's range. */
export interface RealImages {
  readonly images: Value;
  readonly labels: Value | undefined;
}

/** Random images with their classes, drawn with replacement. */
export function drawImages(
  graph: Graph,
  { generator, discriminator }: Players,
  { images, labels }: ImagesOnDevice,
  count: number,
): RealImages {
  const rows = randomIntegers(graph, [count], images.shape[0]!);
  const scaling = images.dtype === 'uint8' ? scalingOf(discriminator.model.pixelRange) : {};
  return {
    images: gather(graph.read(images), rows, scaling),
    labels: takesLabels(generator.model) ? gather(graph.read(labels!), rows) : undefined,
  };
}

/** What may move, and what takes what activity regularizers add to the loss. */
export type JudgingOptions = Pick<CallOptions, 'moves' | 'penalties'>;

/** What the discriminator says of images in training. `step` is how many steps were done, a scalar. */
export function judgeAugmented(
  { discriminator, composition }: Pick<Players, 'discriminator'> & { readonly composition: Composition },
  { images, labels }: RealImages,
  step: () => Value,
  options?: JudgingOptions,
): Judgement {
  const augmented = composition.augmentations.reduce((value, augmentation) => {
    const applied = augmentation.apply(value, step);
    return requireReturned(`apply of the augmentation ${augmentation.name}`, applied, images.shape);
  }, images);
  return judge(discriminator, augmented, labels, { training: true, ...options });
}
