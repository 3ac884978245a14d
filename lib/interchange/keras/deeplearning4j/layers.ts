// Experimental
import type { FlatLayer } from './flat-model.js';
import type { KerasConfig } from '../keras-object.js';

export interface ImportedLayer {
  readonly isPreprocessor?: boolean;
  readonly adds?: (flat: FlatLayer, config: KerasConfig) => KerasConfig;
  readonly weightNames?: Readonly<Record<string, string>>;
}
const preprocessor = { isPreprocessor: true };
export const importedLayers: Readonly<Record<string, ImportedLayer>> = {
  Flatten: preprocessor, Reshape: preprocessor, Permute: preprocessor,
  DepthwiseConv2D: { weightNames: { kernel: 'depthwise_kernel' } },
  Dropout: { adds: (_, config) => ({ dropout: config.rate }) },
  Embedding: { adds: ({ inputShapes: [shape] }) => ({ input_length: shape![0] ?? null, mask_zero: false }) },
};
