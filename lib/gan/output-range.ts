// What numbers a generator can make: those of its last activation, where that is a bounded one.
import type { Layer } from '../layers/layer.js';
import { Model } from '../models/model.js';
import { sourceOf } from '../models/topology.js';

export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface OutputRange extends Range {
  readonly activation: string;
}

const ranges = new Map<unknown, OutputRange>([
  ['tanh', { activation: 'tanh', low: -1, high: 1 }],
  ['sigmoid', { activation: 'sigmoid', low: 0, high: 1 }],
]);

/** The range of a model's outputs; undefined where its last activation does not bound them on both sides. */
export function outputRange(model: Model): OutputRange | undefined {
  return ranges.get(lastLayer(model)?.getConfig().activation);
}

/** The layer that makes the numbers of a model's output; undefined where they are those of its input. */
function lastLayer({ topology }: Model): Layer | undefined {
  let source = sourceOf(topology, topology.outputs[0]!.value);
  while (source !== undefined) {
    const { layer, inputs } = source;
    const last = layer instanceof Model ? lastLayer(layer) : layer;
    if (last !== undefined && !handsOn(last)) return last;
    source = sourceOf(topology, inputs[0]!);
  }
  return undefined;
}

/** Whether a layer's outputs are its inputs, in whatever shape. */
function handsOn(layer: Layer): boolean {
  if (layer.className === 'Activation') return layer.getConfig().activation === 'linear';
  return layer.className === 'Flatten' || layer.className === 'Reshape';
}
