// Group normalisation (Wu & He 2018): the channels of a sample are normalised in groups, over all places.
import { notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { reshape } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { type Shape, sizeOf } from '../tensor.js';
import type { LayerConfig } from './layer.js';
import { Normalization, type NormalizationOptions, normalizationOptionNames } from './normalization.js';
import { registerClass } from './registry.js';

/** What `layers.groupNormalization` takes. */
export interface GroupNormalizationOptions extends NormalizationOptions {
  /** Number of groups, which must divide the channels; -1 for as many as there are channels (instance normalisation). Default 32. */
  readonly groups?: number | undefined;
}

const optionNames: OptionNames<GroupNormalizationOptions> = { groups: true, ...normalizationOptionNames };

/** @internal */
export class GroupNormalization extends Normalization {
  static override readonly className = 'GroupNormalization';
  readonly #groups: number;

  constructor(options?: GroupNormalizationOptions) {
    const { groups = 32, ...base } = checkOptions('layers.groupNormalization', options, optionNames);
    super(base);
    if (!Number.isSafeInteger(groups) || (groups < 1 && groups !== -1)) {
      throw notAllowed('groups', groups, 'whole numbers from 1 on, and -1');
    }
    this.#groups = groups;
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    super.createWeights([inputShape]);
    if (inputShape.at(-1)! % this.#groupsOf(inputShape) === 0) return;
    throw new CudaGanError('CUDA_GAN_SHAPE', `${this.#groups} groups do not divide ${inputShape.at(-1)} channels`);
  }

  override call([x]: readonly [Value]): Value {
    const channels = x.shape.at(-1)!;
    const groups = this.#groupsOf(x.shape);
    const places = sizeOf(x.shape.slice(1, -1));
    const grouped = reshape(x, [x.shape[0]!, places, groups, channels / groups]);
    return this.scaled(reshape(this.standardized(grouped, [1, 3]), x.shape));
  }

  #groupsOf(shape: Shape): number {
    return this.#groups === -1 ? shape.at(-1)! : this.#groups;
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), groups: this.#groups };
  }
}

registerClass(GroupNormalization);
