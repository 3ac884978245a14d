// Convolutions and transposed ones.
import * as layers from '../../../../layers/index.js';
import { conv2dTransposeGeometry } from '../../../../ops/conv2d-geometry.js';
import { type Pair, reach } from '../../../../ops/window.js';
import type { Shape } from '../../../../tensor.js';
import { channelsFirstOf, reordered, sequenceKernelOrder } from '../../layouts.js';
import { asImages, type Importer } from '../importer.js';
import type { ImportedNode } from '../node.js';
import type { Imported } from '../values.js';
import { hasSides, type noSides, paddingFor, sequenceWindowsOf, windowsOf } from './windows.js';

/** From [out, in, height, width] to [height, width, in, out], and for transposed ones from [in, out, ..] to [.., out, in]. */
const kernelOrder = [2, 3, 1, 0];

interface Kernel {
  readonly dims: readonly [number, number, number, number];
  readonly data: Float32Array;
}

function kernelOf(importer: Importer, node: ImportedNode, allowed = '4'): Kernel {
  const { dims, data } = importer.floats(node, 1);
  if (dims.length !== 4) throw node.refuse(`the kernel has ${dims.length} dimensions; allowed are ${allowed}`);
  return { dims: dims as unknown as Kernel['dims'], data: reordered(data, dims, kernelOrder) };
}

export function conv(importer: Importer, node: ImportedNode): Imported {
  if (importer.constant(node, 1).dims.length === 3) return alongSequences(importer, node);
  const kernel = kernelOf(importer, node, '3 and 4');
  const [filters, , height, width] = kernel.dims;
  const x = importer.images(node, 0);
  const windows = windowsOf(node, x.shape, [height, width]);
  const padding = paddingFor(windows, x.shape);
  const padded = padding === undefined ? layers.zeroPadding2d({ padding: windows.sides }).apply(x) : x;
  const layer = layers.conv2d({
    ...importer.named(node),
    filters,
    kernelSize: windows.size,
    strides: windows.strides,
    dilationRate: windows.dilations,
    padding: padding ?? 'valid',
    groups: node.int('group', 1),
    useBias: node.has(2),
  });
  return asImages(importer.apply(layer, [padded], weightsOf(importer, node, kernel)));
}

/** Of tensors [n, channels, steps]: with a kernel [out, in, length]. */
function alongSequences(importer: Importer, node: ImportedNode): Imported {
  const { dims, data } = importer.floats(node, 1);
  const [filters, , length] = dims as [number, number, number];
  const value = importer.computed(node, 0);
  const order = channelsFirstOf(3);
  if (value.order.length !== 3) throw node.refuse(`input 1 has ${value.order.length} dimensions; allowed are 3`);
  const x = importer.inOrder(value, order);
  const windows = sequenceWindowsOf(node, x.shape[0]!, length);
  const { size, strides, dilations, sides } = windows;
  const [before, behind] = sides[1];
  const isCausal = before > 0 && before === reach(size[1], dilations[1]) - 1 && behind === 0;
  const padding = paddingFor(windows, [1, ...x.shape]) ?? (isCausal ? 'causal' : undefined);
  if (padding === undefined) {
    throw node.refuse(
      `pads is [${before}, ${behind}]; allowed are none, those of padding "same", and what windows reach back in front`,
    );
  }
  const layer = layers.conv1d({
    ...importer.named(node),
    filters,
    kernelSize: size[1],
    strides: strides[1],
    dilationRate: dilations[1],
    padding,
    groups: node.int('group', 1),
    useBias: node.has(2),
  });
  const kernel = reordered(data, dims, sequenceKernelOrder);
  const bias = node.has(2) && { bias: importer.floats(node, 2).data };
  return { kind: 'computed', order, tensor: importer.apply(layer, [x], { kernel, ...bias }) };
}

export function convTranspose(importer: Importer, node: ImportedNode): Imported {
  const kernel = kernelOf(importer, node);
  const [, filters, height, width] = kernel.dims;
  node.requireInt('group', 1);
  if (node.ints('output_shape') !== undefined) throw node.refuse('output_shape is not read; pads say the same');
  if (node.text('auto_pad', 'NOTSET') !== 'NOTSET') throw node.refuse('auto_pad is not read; pads say the same');
  const x = importer.images(node, 0);
  const { size, strides, dilations, sides } = windowsOf(node, x.shape, [height, width]);
  const extra = extraOf(node, strides);
  const wanted = { x: x.shape, size, strides, dilations, sides, extra };
  const options = {
    ...importer.named(node),
    filters,
    kernelSize: size,
    strides,
    dilationRate: dilations,
    useBias: node.has(2),
  };
  const weights = weightsOf(importer, node, kernel);
  const padding = keptAs(wanted);
  if (padding !== undefined)
    return asImages(importer.apply(layers.conv2dTranspose({ ...options, padding }), [x], weights));
  // All that windows reach, and as much more as is wanted behind it; then what the file cuts off is cut off.
  const [rows, columns] = [cutOf(wanted, 0), cutOf(wanted, 1)];
  const layer = layers.conv2dTranspose({ ...options, outputPadding: [rows.more, columns.more] });
  const whole = importer.apply(layer, [x], weights);
  const cropping = [rows.cut, columns.cut] as const;
  return asImages(hasSides(cropping) ? layers.cropping2d({ cropping }).apply(whole) : whole);
}

interface Transposed {
  readonly x: Shape;
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly sides: typeof noSides;
  readonly extra: Pair;
}

function extraOf(node: ImportedNode, strides: Pair): Pair {
  const [rows = 0, columns = 0] = node.ints('output_padding') ?? [];
  const isBelow = (length: number, stride: number) => Number.isSafeInteger(length) && length >= 0 && length < stride;
  if (isBelow(rows, strides[0]) && isBelow(columns, strides[1])) return [rows, columns];
  throw node.refuse(`output_padding is [${rows}, ${columns}]; allowed are whole numbers below the strides`);
}

/** The padding by which the layer makes the same places without more ado. */
function keptAs({ x, size, strides, dilations, sides, extra }: Transposed): 'same' | 'valid' | undefined {
  const images: Pair = [x[0]!, x[1]!];
  return (['valid', 'same'] as const).find((padding) => {
    const { inputSize, padding: before } = conv2dTransposeGeometry(images, size, { strides, dilations, padding });
    return [0, 1].every((axis) => {
      const whole = (images[axis]! - 1) * strides[axis]! + reach(size[axis]!, dilations[axis]!);
      const [front, behind] = sides[axis]!;
      return before[axis] === front && inputSize[axis] === whole + extra[axis]! - front - behind;
    });
  });
}

function cutOf({ sides, extra }: Transposed, axis: 0 | 1): { readonly more: number; readonly cut: Pair } {
  const [front, behind] = sides[axis];
  return { more: Math.max(extra[axis] - behind, 0), cut: [front, Math.max(behind - extra[axis], 0)] };
}

function weightsOf(importer: Importer, node: ImportedNode, { data }: Kernel): Record<string, Float32Array> {
  return node.has(2) ? { kernel: data, bias: importer.floats(node, 2).data } : { kernel: data };
}
