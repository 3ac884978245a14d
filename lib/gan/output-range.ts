// What numbers a generator can make: those of its last activation, where that is a bounded one.
import type { Layer } from '../layers/layer.js';
import { Sequential } from '../models/sequential.js';

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
export function outputRange(model: Sequential): OutputRange | undefined {
  const last = layersOf(model)
    .reverse()
    .find((layer) => !handsOn(layer));
  return ranges.get(last?.getConfig().activation);
}

/** The layers of a model and of the models in it. */
function layersOf(model: Sequential): Layer[] {
  return model.layers.flatMap((layer) => (layer instanceof Sequential ? layersOf(layer) : [layer]));
}

/** Whether a layer's outputs are its inputs, in whatever shape. */
function handsOn(layer: Layer): boolean {
  if (layer.className === 'Activation') return layer.getConfig().activation === 'linear';
  return layer.className === 'Flatten' || layer.className === 'Reshape';
}
