// The nodes of `minibatchStdDev`, as the export writes them and the import knows them again.
import type { Shape } from '../../tensor.js';
import { attributeOf } from './encode.js';
import type { GraphBuilder } from './export/graph-builder.js';

/** The largest group size that is exported, so that a small file costs little to compare with. */
export const maxGroupSize = 2048;

export interface MinibatchNodes {
  readonly groupSize: number;
  readonly epsilon: number;
  /** Lengths of images in the file, without the batch, and which of its axes has the channels. */
  readonly shape: Shape;
  readonly channelAxis: number;
}

/**
 * Adds to images `x` a channel that says how much the samples of a group differ, and returns the name of the result. A group is as large
 * as the largest number up to `groupSize` that divides the batch.
 */
export function addMinibatchNodes(builder: GraphBuilder, x: string, settings: MinibatchNodes): string {
  const { groupSize, epsilon, shape, channelAxis } = settings;
  const axis = (number: number) => attributeOf.int('axis', number);
  const mean = (tensor: string, over: number) =>
    builder.node('ReduceMean', [tensor], [attributeOf.ints('axes', [over]), attributeOf.int('keepdims', 1)]);
  const members = largestDivisor(builder, x, groupSize);
  const size = shape.reduce((product, length) => product * length, 1);
  const groups = builder.node('Concat', [members, builder.ints('rest', [-1, size])], [axis(0)]);
  const samples = builder.node('Reshape', [x, groups]);
  const centered = builder.node('Sub', [samples, mean(samples, 0)]);
  const variance = mean(builder.node('Mul', [centered, centered]), 0);
  const deviations = builder.node('Sqrt', [builder.node('Add', [variance, builder.number('epsilon', epsilon)])]);
  const ofGroup = mean(deviations, 2);
  const repeats = builder.node('Concat', [members, builder.ints('once', [1, 1])], [axis(0)]);
  const repeated = builder.node('Expand', [ofGroup, repeats]);
  const ofSample = builder.node('Reshape', [repeated, builder.ints('samples', [-1, 1, 1, 1])]);
  const places = [1, ...shape].map((length, i) => (i === channelAxis ? 1 : length));
  const channel = builder.node('Expand', [ofSample, builder.ints('places', places)]);
  return builder.node('Concat', [x, channel], [axis(channelAxis)]);
}

/** The largest number from 1 to `most` that divides the number of samples. */
function largestDivisor(builder: GraphBuilder, x: string, most: number): string {
  const count = builder.node('Shape', [x], [attributeOf.int('start', 0), attributeOf.int('end', 1)]);
  const numbers = builder.ints(
    'numbers',
    Array.from({ length: most }, (_, i) => i + 1),
  );
  const rest = builder.node('Mod', [count, numbers]);
  const divides = builder.node('Equal', [rest, builder.ints('none', [0])]);
  const divisors = builder.node('Where', [divides, numbers, builder.ints('no', [0])]);
  return builder.node('ReduceMax', [divisors], [attributeOf.ints('axes', [0]), attributeOf.int('keepdims', 1)]);
}
