// Runs one layer by itself.
import type { Device } from '../../lib/devices/device';
import { resolveDevice } from '../../lib/devices/select';
import type { Layer, Tensor } from '../../lib/index';
import { type CallOptions, WeightStreams } from '../../lib/layers/layer';
import { type RunOptions, run } from '../support/run';

export interface ApplyOptions extends Partial<CallOptions>, RunOptions {
  readonly device?: Device;
  /** Replace those that the layer has. */
  readonly weights?: readonly Tensor[];
}

/** The layer's output for x [batch, ..]; in inference mode unless `training` is set. Builds it at the first call. */
export async function applyLayer(layer: Layer, x: Tensor, options: ApplyOptions = {}): Promise<ArrayLike<number>> {
  const { training = false, frozen, weights, device = resolveDevice(), ...runOptions } = options;
  if (!layer.built) layer.build(x.shape.slice(1), new WeightStreams(1));
  if (weights !== undefined)
    await Promise.all(layer.weights.map((weight, i) => weight.write(weights[i]!.data, device)));
  const [y] = await run(device, [x], ([value]) => [layer.call(value!, { training, frozen })], runOptions);
  return y!;
}
