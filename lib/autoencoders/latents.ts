// Latent vectors that users give.
import { CudaGanError } from '../errors.js';
import { requireSamples } from '../models/data.js';
import { dtypeOf, requireTensor, type Tensor } from '../tensor.js';

/** @internal @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` unless they are float32 [n, latentDim] of finite numbers. */
export function requireLatents(name: string, given: Tensor<Float32Array>, latentDim: number): Tensor<Float32Array> {
  const found = requireTensor(name, given);
  if (dtypeOf(found.data) !== 'float32') {
    throw new CudaGanError('CUDA_GAN_DATA', `${name} holds ${dtypeOf(found.data)}; wanted is a Float32Array`);
  }
  return requireSamples(name, found, [latentDim]) as Tensor<Float32Array>;
}
