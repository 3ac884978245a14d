// Encoders and decoders from their hidden layers, with an embedding of the class beside what goes in where there are classes.
import * as layers from '../../layers/index.js';
import { input } from '../../layers/input.js';
import type { Layer } from '../../layers/layer.js';
import type { SymbolicTensor } from '../../layers/symbolic-tensor.js';
import { model } from '../../models/functional.js';
import { type Shape, sizeOf } from '../../tensor.js';
import type { Coder } from '../pair.js';
import type { CoderPlan } from './options.js';

/** Length of the vector that stands for a label beside latents. */
const labelLength = 50;

/** `stack` makes the layers from an image of such a shape to a vector; `outputs` are the names of what is made of that. */
export function assembleEncoder(plan: CoderPlan, outputs: readonly string[], stack: () => readonly Layer[]): Coder {
  const { imageShape, latentDim, classes, seeds } = plan;
  const image = input({ shape: imageShape, name: 'image' });
  const label = labelInput(classes);
  const features = through(stack(), label === undefined ? image : withPlane(image, label, classes!));
  const heads = outputs.map((name) => layers.dense({ units: latentDim, name }).apply(features));
  return model({
    name: 'encoder',
    inputs: label === undefined ? image : [image, label],
    outputs: heads.length === 1 ? heads[0]! : heads,
    seed: seeds.encoder,
  });
}

/** `stack` makes the layers from a vector to an image. */
export function assembleDecoder(plan: CoderPlan, stack: () => readonly Layer[]): Coder {
  const { latentDim, classes, seeds } = plan;
  const latents = input({ shape: [latentDim], name: 'latents' });
  const label = labelInput(classes);
  return model({
    name: 'decoder',
    inputs: label === undefined ? latents : [latents, label],
    outputs: through(stack(), label === undefined ? latents : withVector(latents, label, classes!)),
    seed: seeds.decoder,
  });
}

function labelInput(classes: number | undefined): SymbolicTensor | undefined {
  return classes === undefined ? undefined : input({ shape: [], dtype: 'int32', name: 'label' });
}

/** One more channel, beside those of the image. */
function withPlane(image: SymbolicTensor, label: SymbolicTensor, classes: number): SymbolicTensor {
  const places: Shape = image.shape.slice(0, -1);
  const vector = layers.embedding({ inputDim: classes, outputDim: sizeOf(places) }).apply(label);
  return layers.concatenate().apply([image, layers.reshape({ targetShape: [...places, 1] }).apply(vector)]);
}

function withVector(latents: SymbolicTensor, label: SymbolicTensor, classes: number): SymbolicTensor {
  return layers
    .concatenate()
    .apply([latents, layers.embedding({ inputDim: classes, outputDim: labelLength }).apply(label)]);
}

function through(stack: readonly Layer[], x: SymbolicTensor): SymbolicTensor {
  return stack.reduce<SymbolicTensor>((value, layer) => layer.apply(value), x);
}
