// Runs one layer by itself.
import type { Device } from '../../lib/devices/device';
import { resolveDevice } from '../../lib/devices/select';
import type { Layer, Tensor } from '../../lib/index';
import { WeightStreams } from '../../lib/layers/layer';
import { type RunOptions, run } from '../support/run';

export interface ApplyOptions extends RunOptions {
  /** Default: inference mode. */
  readonly training?: boolean;
  readonly device?: Device;
  /** Replace those that the layer has. */
  readonly weights?: readonly Tensor[];
}

/** The layer's output for x [batch, ..]. Builds it at the first call; training moves what its `trainable` says. */
export async function applyLayer(layer: Layer, x: Tensor, options: ApplyOptions = {}): Promise<ArrayLike<number>> {
  const { training = false, weights, device = resolveDevice(), ...runOptions } = options;
  if (!layer.built) layer.build(x.shape.slice(1), new WeightStreams(1));
  if (weights !== undefined)
    await Promise.all(layer.weights.map((weight, i) => weight.write(weights[i]!.data, device)));
  const moves = new Set(layer.movingWeights);
  const [y] = await run(device, [x], ([value]) => [layer.recordOne(value!, { training, moves })], runOptions);
  return y!;
}
