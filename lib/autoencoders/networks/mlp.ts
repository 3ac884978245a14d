// The dense networks of Burda, Grosse & Salakhutdinov, Importance Weighted Autoencoders, 2016, with one stochastic layer.
import * as layers from '../../layers/index.js';
import { sizeOf } from '../../tensor.js';
import type { Coder } from '../pair.js';
import { assembleDecoder, assembleEncoder } from './assemble.js';
import type { CoderPlan } from './options.js';

const hidden = (plan: CoderPlan) =>
  [200, 200].map((units) => layers.dense({ units: plan.scaled(units), activation: 'tanh' }));

/** Image → Flatten → two Dense 200 tanh → the outputs. */
export function mlpEncoder(plan: CoderPlan, outputs: readonly string[]): Coder {
  return assembleEncoder(plan, outputs, () => [layers.flatten(), ...hidden(plan)]);
}

/** Latents → two Dense 200 tanh → Dense sigmoid → image. */
export function mlpDecoder(plan: CoderPlan): Coder {
  const { imageShape } = plan;
  return assembleDecoder(plan, () => [
    ...hidden(plan),
    layers.dense({ units: sizeOf(imageShape), activation: 'sigmoid' }),
    layers.reshape({ targetShape: imageShape }),
  ]);
}
