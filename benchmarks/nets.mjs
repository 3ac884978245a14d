// The networks that are timed, and how much work they are.
import { GAN } from 'cuda-gan';
import { conv2dGeometry } from '../dist/esm/ops/conv2d-geometry.js';

/** By name: the preset, the shape of its images, and the batch that it is timed at. */
export const nets = {
  mlp: { preset: 'mlp', imageShape: [28, 28, 1], batch: 32 },
  dcgan28: { preset: 'dcgan', imageShape: [28, 28, 1], batch: 64 },
  dcgan64: { preset: 'dcgan', imageShape: [64, 64, 3], batch: 32 },
};

export function ganOf(name, options) {
  const { preset, imageShape } = nets[name];
  return new GAN({ seed: 1, preset, imageShape, ...options });
}

const size = (shape) => shape.reduce((product, dimension) => product * dimension, 1);

/** Multiply-adds of a layer for one sample: of products and convolutions, without zeros that are inserted or padded. */
function multiplyAdds(layer) {
  const { className, inputShape, outputShape, weights } = layer;
  const [kernel] = weights;
  switch (className) {
    case 'Dense':
      return kernel.size;
    case 'Conv2D':
      return pairsOfPlaces(inputShape, layer) * channelPairs(layer);
    case 'Conv2DTranspose':
      return pairsOfPlaces(outputShape, layer) * channelPairs(layer);
    default:
      return 0;
  }
}

const channelPairs = ({ weights: [kernel] }) => kernel.size / size(kernel.shape.slice(0, 2));

/** How many times the windows of a convolution of these images see a place that exists. */
function pairsOfPlaces([height, width], layer) {
  const { kernelSize, strides, padding } = layer.getConfig();
  const geometry = conv2dGeometry([height, width], kernelSize, { strides, padding });
  const along = (axis) => {
    const seen = (o) =>
      Array.from({ length: kernelSize[axis] }, (_, k) => o * strides[axis] - geometry.padding[axis] + k).filter(
        (place) => place >= 0 && place < geometry.inputSize[axis],
      ).length;
    return Array.from({ length: geometry.outputSize[axis] }, (_, o) => seen(o)).reduce((sum, count) => sum + count, 0);
  };
  return along(0) * along(1);
}

/**
 * What a step and an image of a net cost: floating-point operations by batch, bytes that Adam moves, bytes of weights and
 * moments.
 */
export function workOf(name) {
  const { generator, discriminator } = ganOf(name, { device: 'reference' });
  const [g, d] = [generator, discriminator].map((model) => {
    const all = model.layers.map(multiplyAdds).filter((count) => count > 0);
    const forward = all.reduce((sum, count) => sum + count, 0);
    // Forward, kernel gradients, input gradients; those of the first layer are not needed.
    return { forward, training: 3 * forward - all[0], through: 2 * forward };
  });
  const parameters = (model) => model.trainableWeights.reduce((sum, weight) => sum + weight.size, 0);
  const bytesPerParameter = 4 * (4 + 3); // reads p, m, v and the gradient; writes p, m, v
  return {
    flops: (batch) => 2 * ((batch / 2) * (2 * d.training + g.forward) + batch * (g.training + d.through)),
    generateFlops: (batch) => 2 * batch * g.forward,
    // Two updates of the discriminator and one of the generator.
    adamBytes: bytesPerParameter * (2 * parameters(discriminator) + parameters(generator)),
    stateBytes: 12 * (parameters(discriminator) + parameters(generator)),
  };
}
