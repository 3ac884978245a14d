// Activation functions by name.
import { named } from '../checks.js';
import { affine, elu, erf, leakyRelu, multiply, relu, sigmoid, softmax, softplus, tanh } from '../ops/index.js';
import type { Value } from '../program/value.js';

/** Activation functions by name. `elu` has alpha 1, `leakyRelu` the slope 0.2 below zero. */
export type ActivationName =
  | 'linear'
  | 'relu'
  | 'leakyRelu'
  | 'elu'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'softmax'
  | 'gelu'
  | 'silu'
  | 'swish';

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
  gelu,
  silu,
  swish: silu,
};

/** x · Φ(x), Φ the distribution function of normal numbers (Hendrycks & Gimpel 2016). */
function gelu(x: Value): Value {
  return multiply(x, affine(erf(affine(x, Math.SQRT1_2)), 0.5, 0.5));
}

/** x · σ(x), also called swish (Elfwing, Uchibe & Doya 2018; Ramachandran, Zoph & Le 2017). */
function silu(x: Value): Value {
  return multiply(x, sigmoid(x));
}

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name. */
export function activationNamed(name: ActivationName): (x: Value) => Value {
  return named('activation', activations, name);
}
