// Layers as Keras 1 wrote them, in the words of its later versions.
import { CudaGanError } from '../../errors.js';
import { type KerasConfig, type KerasObject, ownValue } from './keras-object.js';

/** Classes that were renamed. */
const classNames: Readonly<Record<string, string>> = {
  Convolution1D: 'Conv1D',
  Convolution2D: 'Conv2D',
  Deconvolution2D: 'Conv2DTranspose',
  SeparableConvolution2D: 'SeparableConv2D',
};

/** Options that were renamed in all classes. */
const optionNames: Readonly<Record<string, string>> = {
  nb_filter: 'filters',
  subsample: 'strides',
  subsample_length: 'strides',
  filter_length: 'kernel_size',
  border_mode: 'padding',
  bias: 'use_bias',
  init: 'kernel_initializer',
  W_regularizer: 'kernel_regularizer',
  b_regularizer: 'bias_regularizer',
  W_constraint: 'kernel_constraint',
  b_constraint: 'bias_constraint',
  gamma_init: 'gamma_initializer',
  beta_init: 'beta_initializer',
  p: 'rate',
  sigma: 'stddev',
};

/** Those of single classes. */
const optionNamesOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Dense: { output_dim: 'units' },
  Embedding: { init: 'embeddings_initializer', W_regularizer: 'embeddings_regularizer' },
  PReLU: { init: 'alpha_initializer' },
};

/** What says nothing: shapes that follow from the layer in front, types, lists of weights. */
const silent: Readonly<Record<string, readonly string[]>> = {
  Dense: ['input_dim'],
  Conv1D: ['input_dim', 'input_length'],
  Conv2DTranspose: ['output_shape'],
};

/** Merges of tensors, by what Keras 1 called their mode. */
const merges: Readonly<Record<string, string>> = {
  sum: 'Add',
  mul: 'Multiply',
  ave: 'Average',
  max: 'Maximum',
  concat: 'Concatenate',
};

/** @throws CudaGanError `CUDA_GAN_VALUE` for a merge or a batch normalisation of a mode that later versions have not. */
export function modernized(object: KerasObject): KerasObject {
  if (Array.isArray(object.config)) return object;
  if (object.class_name === 'Merge') return merged(object);
  const className = ownValue(classNames, object.class_name) ?? object.class_name;
  const renamed = ownValue(optionNamesOf, className) ?? {};
  const dropped = ownValue(silent, className) ?? [];
  const options = Object.entries(object.config)
    .filter(([key]) => !dropped.includes(key) && key !== 'input_dtype')
    .flatMap(([key, value]) =>
      modernOption(className, ownValue(renamed, key) ?? ownValue(optionNames, key) ?? key, value),
    );
  return { ...object, class_name: className, config: { ...kernelSize(object.config), ...Object.fromEntries(options) } };
}

function modernOption(className: string, key: string, value: unknown): [string, unknown][] {
  switch (key) {
    case 'nb_row':
    case 'nb_col':
      return [];
    case 'dim_ordering':
      return [['data_format', value === 'th' ? 'channels_first' : 'channels_last']];
    case 'mode':
      if (className !== 'BatchNormalization') return [[key, value]];
      if (value === 0) return [];
      throw new CudaGanError('CUDA_GAN_VALUE', `mode is ${JSON.stringify(value)}; supported is 0`);
    default:
      return [[key, value]];
  }
}

function kernelSize({ nb_row: rows, nb_col: columns }: KerasConfig): KerasConfig {
  return rows === undefined || columns === undefined ? {} : { kernel_size: [rows, columns] };
}

function merged(object: KerasObject): KerasObject {
  const { name, mode, concat_axis: axis } = object.config;
  const className = ownValue(merges, String(mode));
  if (className === undefined) {
    const modes = Object.keys(merges).join(', ');
    throw new CudaGanError('CUDA_GAN_VALUE', `mode is ${JSON.stringify(mode)}; supported are ${modes}`);
  }
  return { ...object, class_name: className, config: { name, ...(className === 'Concatenate' && { axis }) } };
}
