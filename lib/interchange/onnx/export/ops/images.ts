// Pooling, and images at another size.
import type { Pool2dGeometry } from '../../../../ops/pool2d-geometry.js';
import type { Resize2dAttributes } from '../../../../ops/resize2d.js';
import type { KernelNode, Value } from '../../../../program/value.js';
import { attributeOf } from '../../encode.js';
import { channelsFirst, ordered } from '../../layouts.js';
import type { AttributeProto } from '../../model-proto.js';
import type { Emitter, Placed } from '../emitter.js';

/** The maximum of every window. That of one tensor at the places of the maxima of another is for gradients only. */
export function maxPool2d(emitter: Emitter, { inputs: [x], attributes }: KernelNode<Pool2dGeometry>): Placed {
  return pool(emitter, 'MaxPool', x!, windowsOf(attributes));
}

/** The mean of the elements of every window that exist. */
export function averagePool2d(emitter: Emitter, { inputs: [x], attributes }: KernelNode<Pool2dGeometry>): Placed {
  return pool(emitter, 'AveragePool', x!, [...windowsOf(attributes), attributeOf.int('count_include_pad', 0)]);
}

function pool(emitter: Emitter, opType: string, x: Value, settings: readonly AttributeProto[]): Placed {
  return { name: emitter.node(opType, [emitter.tensor(x, channelsFirst)], settings), order: channelsFirst };
}

function windowsOf({ inputSize, outputSize, windowSize, strides, padding }: Pool2dGeometry): AttributeProto[] {
  const after = [0, 1].map((axis) => {
    const covered = (outputSize[axis]! - 1) * strides[axis]! + windowSize[axis]!;
    return Math.max(covered - inputSize[axis]! - padding[axis]!, 0);
  });
  return [
    attributeOf.ints('kernel_shape', windowSize),
    attributeOf.ints('strides', strides),
    attributeOf.ints('pads', [...padding, ...after]),
  ];
}

/**
 * Images at another size, with half-pixel centres. Whole factors are given as such, since runtimes have code of their own
 * for them; other sizes by the sizes, as a factor that is rounded could make one place too few.
 */
export function resize2d(emitter: Emitter, { inputs, outputs, attributes }: KernelNode<Resize2dAttributes>): Placed {
  const { inputSize, outputSize, interpolation } = attributes;
  const x = emitter.tensor(inputs[0]!, channelsFirst);
  const factors = outputSize.map((length, axis) => length / inputSize[axis]!);
  const isWhole = factors.every(Number.isInteger);
  const size = isWhole
    ? ['', emitter.builder.numbers('scales', Float32Array.of(1, 1, ...factors))]
    : ['', '', emitter.shape(ordered(emitter.dimsOf(outputs[0]!), channelsFirst))];
  const repeats = [
    attributeOf.text('coordinate_transformation_mode', 'asymmetric'),
    attributeOf.text('nearest_mode', 'floor'),
  ];
  const nearest = [
    attributeOf.text('coordinate_transformation_mode', 'half_pixel'),
    attributeOf.text('nearest_mode', 'round_prefer_ceil'),
  ];
  const settings =
    interpolation === 'bilinear'
      ? [attributeOf.text('mode', 'linear'), attributeOf.text('coordinate_transformation_mode', 'half_pixel')]
      : [attributeOf.text('mode', 'nearest'), ...(isWhole ? repeats : nearest)];
  return { name: emitter.node('Resize', [x, ...size], settings), order: channelsFirst };
}
