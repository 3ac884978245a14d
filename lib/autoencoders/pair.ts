// What an encoder and a decoder must be to make an autoencoder with each other.
import { CudaGanError } from '../errors.js';
import type { Model, Predictions } from '../models/model.js';
import { formatShape, type Shape, sameShape } from '../tensor.js';

/** An encoder or a decoder: a model with any number of inputs and outputs. */
export type Coder = Model<Predictions>;

/** @internal @throws CudaGanError `CUDA_GAN_SHAPE` unless the decoder makes images such as the encoder takes, of classes as that does. */
export function requireSameImages(encoder: Coder, decoder: Coder): void {
  for (const [name, model, first] of [
    ['encoder', encoder, 'the image'],
    ['decoder', decoder, 'the latent vector'],
  ] as const) {
    requireInputs(name, model, first);
  }
  requireOutputs('decoder', decoder, ['the image']);
  const [taken, made] = [encoder.inputShapes[0]!, decoder.outputShapes[0]!];
  if (!sameShape(taken, made)) {
    throw shapeError(`the encoder takes images of ${formatShape(taken)}, but the decoder makes ${formatShape(made)}`);
  }
  if (encoder.inputNames.length === decoder.inputNames.length) return;
  const [one, other] = encoder.inputNames.length === 2 ? ['encoder', 'decoder'] : ['decoder', 'encoder'];
  throw shapeError(
    `the ${one} is given classes as a second input, but the ${other} is not: give them to both, or to none`,
  );
}

/** @internal @throws CudaGanError `CUDA_GAN_SHAPE` unless the encoder gives what the decoder takes: one vector, without classes. */
export function requirePlainPair(encoder: Coder, decoder: Coder): void {
  requireOutputs('encoder', encoder, ['the latent vector']);
  requireSameLatents(encoder, decoder);
  if (encoder.inputNames.length === 2) {
    throw shapeError('the encoder is given classes as a second input; an Autoencoder knows none, a VAE does');
  }
}

/** @internal @throws CudaGanError `CUDA_GAN_SHAPE` unless the encoder gives mean and log variance of what the decoder takes. */
export function requireVariationalPair(encoder: Coder, decoder: Coder): void {
  requireOutputs('encoder', encoder, ['the mean of the latent vector', 'its log variance']);
  requireSameLatents(encoder, decoder);
}

function requireSameLatents(encoder: Coder, decoder: Coder): void {
  const wanted = decoder.inputShapes[0]!;
  if (wanted.length !== 1) {
    throw shapeError(`the decoder takes samples of ${formatShape(wanted)}; wanted is a vector, [latentDim]`);
  }
  const other = encoder.outputShapes.find((shape) => !sameShape(shape, wanted));
  if (other === undefined) return;
  throw shapeError(`the encoder gives latents of ${formatShape(other)}, but the decoder takes ${formatShape(wanted)}`);
}

/** The first is float32; the second, if there is one, takes the class. */
function requireInputs(name: string, model: Coder, first: string): void {
  const { inputNames, inputDTypes, inputShapes } = model;
  if (inputNames.length > 2) {
    const found = `${inputNames.length} inputs (${inputNames.join(', ')})`;
    throw shapeError(`the ${name} has ${found}; wanted is one, ${first}, and, if need be, the class`);
  }
  if (inputDTypes[0] !== 'float32')
    throw shapeError(`the ${name} takes ${inputDTypes[0]}; wanted is float32, as ${first} is`);
  if (inputNames.length === 1 || (inputDTypes[1] === 'int32' && isLabelShape(inputShapes[1]!))) return;
  throw shapeError(
    `the ${name}'s second input takes ${inputDTypes[1]} of ${formatShape(inputShapes[1]!)}; wanted is int32 of [] or [1], the class`,
  );
}

function isLabelShape(shape: Shape): boolean {
  return sameShape(shape, []) || sameShape(shape, [1]);
}

function requireOutputs(name: string, { outputNames }: Coder, wanted: readonly string[]): void {
  if (outputNames.length === wanted.length) return;
  const found = `${outputNames.length} ${outputNames.length === 1 ? 'output' : 'outputs'} (${outputNames.join(', ')})`;
  const count = wanted.length === 1 ? 'one' : 'two';
  throw shapeError(
    `the ${name} has ${found}; wanted ${count === 'one' ? 'is' : 'are'} ${count}: ${wanted.join(' and ')}`,
  );
}

function shapeError(message: string): CudaGanError {
  return new CudaGanError('CUDA_GAN_SHAPE', message);
}
