// Pooling, and images at another size.
import * as layers from '../../../../layers/index.js';
import type { SymbolicTensor } from '../../../../layers/symbolic-tensor.js';
import { asImages, asPlain, type Importer, shapeInFile } from '../importer.js';
import type { ImportedNode } from '../node.js';
import { type Computed, type Imported, isFloats } from '../values.js';
import { hasSides, type ImportedWindows, paddingFor, windowsOf } from './windows.js';

/** The largest of every window. Zeros around images stand for what is not there only where nothing is below them. */
export function maxPool(importer: Importer, node: ImportedNode): Imported {
  node.requireInt('ceil_mode', 0);
  node.ignore('storage_order');
  const { x, windows } = pooled(importer, node);
  const padding = paddingFor(windows, x.shape);
  const isPositive = node.input[0] !== undefined && importer.isNotNegative(node.input[0]);
  if (padding === undefined && !isPositive) throw unplaced(node, windows);
  const padded = padding === undefined ? layers.zeroPadding2d({ padding: windows.sides }).apply(x) : x;
  const { size: poolSize, strides } = windows;
  const layer = layers.maxPooling2d({ ...importer.named(node), poolSize, strides, padding: padding ?? 'valid' });
  return asImages(layer.apply(padded));
}

/** The mean of every window: of the elements that are there, or with zeros for those that are not. */
export function averagePool(importer: Importer, node: ImportedNode): Imported {
  node.requireInt('ceil_mode', 0);
  const countsZeros = node.int('count_include_pad', 0) === 1;
  const { x, windows } = pooled(importer, node);
  const { size: poolSize, strides, sides } = windows;
  const options = { ...importer.named(node), poolSize, strides };
  if (countsZeros && hasSides(sides)) {
    const padded = layers.zeroPadding2d({ padding: sides }).apply(x);
    return asImages(layers.averagePooling2d(options).apply(padded));
  }
  const padding = paddingFor(windows, x.shape);
  if (padding === undefined) throw unplaced(node, windows);
  return asImages(layers.averagePooling2d({ ...options, padding }).apply(x));
}

function pooled(importer: Importer, node: ImportedNode) {
  const x = importer.images(node, 0);
  const windows = windowsOf(node, x.shape);
  const { dilations } = windows;
  if (dilations.every((length) => length === 1)) return { x, windows };
  throw node.refuse(`dilations is [${dilations.join(', ')}]; allowed is [1, 1]`);
}

function unplaced(node: ImportedNode, { sides: [rows, columns] }: ImportedWindows) {
  return node.refuse(
    `pads of ${rows.join(' and ')} rows and ${columns.join(' and ')} columns are neither none nor those of padding "same"`,
  );
}

export const globalAveragePool = (importer: Importer, node: ImportedNode) =>
  overPlaces(importer, node, layers.globalAveragePooling2d, importer.imagesOver(node, 0, [2, 3]), true);

export const globalMaxPool = (importer: Importer, node: ImportedNode) =>
  overPlaces(importer, node, layers.globalMaxPooling2d, importer.imagesOver(node, 0, [2, 3]), true);

/** The mean over height and width, which is what models of images reduce. */
export function reduceMean(importer: Importer, node: ImportedNode): Imported {
  node.requireInt('noop_with_empty_axes', 0);
  const rank = importer.computed(node, 0).order.length;
  const axes = (importer.integersOf(node, 'axes', 1) ?? []).map((axis) => (axis < 0 ? axis + rank : axis));
  if (new Set(axes).size !== 2)
    throw node.refuse('it is over other axes than height and width of images, which alone is read');
  const x = importer.imagesOver(node, 0, axes);
  return overPlaces(importer, node, layers.globalAveragePooling2d, x, node.int('keepdims', 1) === 1);
}

function overPlaces(
  importer: Importer,
  node: ImportedNode,
  make: typeof layers.globalMaxPooling2d,
  { tensor, order }: Computed,
  keepsDimensions: boolean,
): Imported {
  const result = make(importer.named(node)).apply(tensor);
  if (!keepsDimensions) return asPlain(result);
  return { kind: 'computed', order, tensor: layers.reshape({ targetShape: [1, 1, ...result.shape] }).apply(result) };
}

/** Nearest neighbours, by whole factors, and bilinear with half-pixel centres. */
export function resize(importer: Importer, node: ImportedNode): Imported {
  const isUpsample = node.opType === 'Upsample';
  const isFirst = isUpsample || node.opset < 11;
  node.ignore('cubic_coeff_a', 'exclude_outside', 'extrapolation_value', 'antialias');
  const mode = node.text('mode', 'nearest');
  const places = node.text('coordinate_transformation_mode', isFirst ? 'asymmetric' : 'half_pixel');
  const nearest = node.text('nearest_mode', isFirst ? 'floor' : 'round_prefer_floor');
  if (node.ints('axes') !== undefined) throw node.refuse('axes is not read');
  if (node.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch') throw node.refuse('it keeps the aspect ratio');
  const x = importer.images(node, 0);
  const size = factorsOf(importer, node, isFirst);
  return asImages(interpolated(node, { x, size, mode, places, nearest }, importer));
}

interface Resizing {
  readonly x: SymbolicTensor;
  readonly size: readonly [number, number];
  readonly mode: string;
  readonly places: string;
  readonly nearest: string;
}

function interpolated(
  node: ImportedNode,
  { x, size, mode, places, nearest }: Resizing,
  importer: Importer,
): SymbolicTensor {
  const isHalfPixel = places === 'half_pixel' || places === 'pytorch_half_pixel';
  // No place of a whole factor lies midway between two of the image, so that which way it is rounded makes no difference.
  const repeats = (places === 'asymmetric' && nearest === 'floor') || (isHalfPixel && nearest.startsWith('round_'));
  const interpolation =
    mode === 'nearest' && repeats ? 'nearest' : mode === 'linear' && isHalfPixel ? 'bilinear' : undefined;
  if (interpolation === undefined) {
    throw node.refuse(
      `mode "${mode.slice(0, 60)}" with coordinates "${places.slice(0, 60)}" and rounding "${nearest.slice(0, 60)}" is not read; ` +
        'allowed are nearest neighbours that are repeated, and linear with half_pixel',
    );
  }
  return layers.upSampling2d({ ...importer.named(node), size, interpolation }).apply(x);
}

function factorsOf(importer: Importer, node: ImportedNode, isFirst: boolean): readonly [number, number] {
  const shape = shapeInFile(importer.computed(node, 0));
  const scales = node.opset < 9 ? node.floats('scales') : scalesOf(importer, node, isFirst ? 1 : 2);
  const sizes = isFirst ? undefined : importer.integers(node, 3);
  const factors = scales ?? sizes?.map((size, axis) => (Number.isNaN(size) ? 1 : size / shape[axis]!));
  const [samples, channels, rows, columns] = factors ?? [];
  const isWhole = [rows, columns].every((factor) => Number.isSafeInteger(factor) && factor! >= 1);
  const keepsSamples = samples === 1 || sizes?.[0] === importer.fixedBatch;
  if (factors?.length === 4 && keepsSamples && channels === 1 && isWhole) return [rows!, columns!];
  throw node.refuse(
    `its factors are [${(factors ?? []).slice(0, 8).join(', ')}]; allowed are whole ones of height and width`,
  );
}

function scalesOf(importer: Importer, node: ImportedNode, i: number): readonly number[] | undefined {
  if (!node.has(i)) return undefined;
  const { data } = importer.constant(node, i);
  if (data.length === 0) return undefined;
  if (isFloats(data)) return [...data.slice(0, 8)];
  throw node.refuse('scales are whole numbers; wanted are floats');
}
