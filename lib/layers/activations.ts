// Activation functions by name.
import { named } from '../checks.js';
import { elu, leakyRelu, relu, sigmoid, softmax, softplus, tanh } from '../ops/index.js';
import type { Value } from '../program/value.js';

export type ActivationName = 'linear' | 'relu' | 'leakyRelu' | 'elu' | 'tanh' | 'sigmoid' | 'softplus' | 'softmax';

const activations: Record<ActivationName, (x: Value) => Value> = {
  linear: (x: Value) => x,
  relu,
  /** Slope 0.2 below zero, as in Keras. */
  leakyRelu: (x: Value) => leakyRelu(x, 0.2),
  elu: (x: Value) => elu(x),
  tanh,
  sigmoid,
  softplus,
  softmax,
};

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name. */
export function activationNamed(name: ActivationName): (x: Value) => Value {
  return named('activation', activations, name);
}
