// Combinations of parts that are allowed and probably not meant: what is wrong with them, in words.
import type { Layer } from '../layers/layer.js';
import { Wrapper } from '../layers/wrapper.js';
import type { Model } from '../models/model.js';
import { sourceOf } from '../models/topology.js';
import type { Composition } from './composition.js';

/** What to say of a composition and its discriminator; empty where all is well. */
export function doubtsAbout({ objective, regularizers }: Composition, discriminator: Model): readonly string[] {
  const layers = layersOf(discriminator);
  const has = (...classNames: string[]) => layers.find(({ className }) => classNames.includes(className));
  const doubts: string[] = [];
  const last = lastActivation(discriminator);
  if (last === 'sigmoid' && objective.logOdds !== true) {
    doubts.push(
      `the discriminator ends in a sigmoid, but the objective ${objective.name} trains the logit before it: what the discriminator predicts is no probability; leave the sigmoid out`,
    );
  } else if (last !== undefined && last !== 'sigmoid' && last !== 'linear') {
    doubts.push(
      `the discriminator ends in ${last}, and what comes out of that is trained as a logit, which may be any number: end in sigmoid, or in no activation`,
    );
  }
  const penalty = regularizers.find(({ name }) => ['gradientPenalty', 'r1', 'r2'].includes(name));
  const mixing = has('BatchNormalization', 'MinibatchStdDev');
  if (penalty !== undefined && mixing !== undefined) {
    doubts.push(
      `the regularizer ${penalty.name} is about the gradient of each image, but the layer "${mixing.name}" of the discriminator makes what it says of an image depend on the others of the batch: take another normalization`,
    );
  }
  const bounded = regularizers.length > 0 || has('SpectralNormalization') !== undefined;
  if (objective.name === 'wasserstein' && !bounded) {
    doubts.push(
      'the objective wasserstein has no end unless the slope of the discriminator is bounded: add the regularizer gradientPenalty or weightClipping, or spectral normalisation',
    );
  }
  return doubts;
}

/** All layers, those within models and wrappers included. */
function layersOf(layer: Layer): readonly Layer[] {
  return layer.layersWithin.flatMap((within) => [within, ...layersOf(within)]);
}

/** The activation of the layer that makes the first output; undefined where that is not a layer with an activation. */
function lastActivation({ topology }: Model): string | undefined {
  const source = sourceOf(topology, topology.outputs[0]!.value)?.layer;
  const layer = source instanceof Wrapper ? source.layer : source;
  if (layer?.className === 'Softmax' || layer?.className === 'ReLU') return layer.className.toLowerCase();
  const found = layer?.getConfig().activation;
  return typeof found === 'string' ? found : undefined;
}
