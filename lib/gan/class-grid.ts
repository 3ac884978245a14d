// Grids that compare classes: one class a row, one noise vector a column.
import { wholeNumberIn } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import { createTypedArray, type OwnFloat32Array, requireTensor, type Tensor } from '../tensor.js';
import type { ImageSource } from './image-source.js';
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
export function sampleGridSize({
  takesLabels,
  classes,
}: Pick<ImageSource, 'takesLabels' | 'classes'>): GridSize & { readonly byClass: boolean } {
  const byClass = takesLabels && classes !== undefined && classes <= mostClasses;
  return byClass ? { byClass, rows: classes, columns: defaultColumns } : { byClass, rows: 5, columns: 5 };
}

interface ClassGridWords {
  readonly call?: string;
  readonly hint?: string;
}

/** A class grid that is asked for. */
interface ClassGridPlan extends GridSize {
  /** That of the columns, where it is given. */
  readonly noise: Tensor<Float32Array> | undefined;
  /** Else, which. */
  readonly noiseOptions: NoiseOptions;
}

/**
 * Images of every class from the same noise. `call` is what messages say was called, and `hint` how a source comes to know classes.
 * @internal
 * @throws CudaGanError `CUDA_GAN_STATE` for one that knows none; `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for a
 * wrong option.
 */
export async function classGridOf(
  source: ImageSource,
  given: ClassGridOptions,
  { call = 'classGrid', hint = 'the model knows no classes' }: ClassGridWords = {},
): Promise<ClassGrid> {
  const { rows, columns, noise, noiseOptions } = planClassGrid(source, given, { call, hint });
  const row = noise ?? (await source.noise(columns, noiseOptions));
  const labels = Int32Array.from({ length: rows * columns }, (_, i) => Math.floor(i / columns));
  return { rows, columns, images: await source.generate(rows * columns, { noise: repeated(row, rows), labels }) };
}

function planClassGrid(
  { takesLabels, classes, latentDim }: ImageSource,
  given: ClassGridOptions,
  { call, hint }: Required<ClassGridWords>,
): ClassGridPlan {
  const { noise, seed, truncation, ...options } = checkOptions(call, given, optionNames);
  if (!takesLabels || classes === undefined) {
    const reason = takesLabels
      ? 'how many classes there are is not known: the input for them feeds no embedding'
      : hint;
    throw new CudaGanError('CUDA_GAN_STATE', `${call}: ${reason}`);
  }
  const rowsOfNoise = noise === undefined ? undefined : requireTensor('noise', noise).shape[0];
  const most = Math.floor(maxRows / classes);
  const columns = wholeNumberIn('columns', options.columns ?? rowsOfNoise ?? defaultColumns, 1, most);
  return {
    rows: classes,
    columns,
    noise: givenNoise(call, { noise, seed, truncation }, columns, latentDim),
    noiseOptions: { seed, truncation },
  };
}

/** The rows of `noise`, all of them so many times over. */
function repeated({ shape, data }: Tensor<Float32Array>, times: number): Tensor<OwnFloat32Array> {
  const copies = createTypedArray('float32', times * data.length);
  for (let i = 0; i < times; i++) copies.set(data, i * data.length);
  return { shape: [times * shape[0]!, ...shape.slice(1)], data: copies };
}
