// Grids that compare classes: one class a row, one noise vector a column.
import { wholeNumberIn } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { Model } from '../models/model.js';
import { checkOptions, type OptionNames } from '../options.js';
import { createTypedArray, type OwnFloat32Array, requireTensor, type Tensor } from '../tensor.js';
import { takesLabels } from './players.js';
import { givenNoise, maxRows, type NoiseOptions } from './sampling.js';

/** What `GAN.classGrid` takes. */
export interface ClassGridOptions extends NoiseOptions {
  /** How many images of each class. Default: the rows of `noise`, else 10. */
  readonly columns?: number | undefined;
  /** The noise of the columns, [columns, latentDim] float32, in place of random noise. */
  readonly noise?: Tensor<Float32Array> | undefined;
}

/** Rows and columns of a picture of many images. */
export interface GridSize {
  /** Images from top to bottom. */
  readonly rows: number;
  /** Images from left to right. */
  readonly columns: number;
}

/** Images, one class after the other, and how many there are: what `saveGrid` takes. */
export interface ClassGrid extends GridSize {
  /** [rows * columns, ...imageShape] */
  readonly images: Tensor<OwnFloat32Array>;
}

const optionNames: OptionNames<ClassGridOptions> = { columns: true, noise: true, seed: true, truncation: true };

const defaultColumns = 10;
/** More rows than this are no longer seen at a glance, and a picture of 10 columns becomes a thousand pixels high. */
const mostClasses = 20;

/** How samples of a training are shown: a class a row where there are few classes, else 5x5. @internal */
export function sampleGridSize(
  generator: Model,
  classes: number | undefined,
): GridSize & { readonly byClass: boolean } {
  const byClass = takesLabels(generator) && classes !== undefined && classes <= mostClasses;
  return byClass ? { byClass, rows: classes, columns: defaultColumns } : { byClass, rows: 5, columns: 5 };
}

/** A class grid that is asked for. @internal */
export interface ClassGridPlan extends GridSize {
  /** That of the columns, where it is given. */
  readonly noise: Tensor<Float32Array> | undefined;
  /** Else, which. */
  readonly noiseOptions: NoiseOptions;
}

/**
 * What `classGrid` was asked for.
 * @internal
 * @throws CudaGanError `CUDA_GAN_STATE` for a generator without classes; `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA`
 * for a wrong option.
 */
export function planClassGrid(generator: Model, classes: number | undefined, given: ClassGridOptions): ClassGridPlan {
  const { noise, seed, truncation, ...options } = checkOptions('gan.classGrid', given, optionNames);
  if (!takesLabels(generator) || classes === undefined) {
    const reason = takesLabels(generator)
      ? 'how many classes there are is not known: its input for them feeds no embedding'
      : "the generator knows no classes: it has no input for them, as the preset 'cgan' gives it";
    throw new CudaGanError('CUDA_GAN_STATE', `gan.classGrid: ${reason}`);
  }
  const rowsOfNoise = noise && requireTensor('noise', noise).shape[0];
  const most = Math.floor(maxRows / classes);
  const columns = wholeNumberIn('columns', options.columns ?? rowsOfNoise ?? defaultColumns, 1, most);
  return {
    rows: classes,
    columns,
    noise: givenNoise('gan.classGrid', { noise, seed, truncation }, columns, generator.inputShapes[0]![0]!),
    noiseOptions: { seed, truncation },
  };
}

/** The rows of `noise`, all of them so many times over. @internal */
export function repeated({ shape, data }: Tensor<Float32Array>, times: number): Tensor<OwnFloat32Array> {
  const copies = createTypedArray('float32', times * data.length);
  for (let i = 0; i < times; i++) copies.set(data, i * data.length);
  return { shape: [times * shape[0]!, ...shape.slice(1)], data: copies };
}
