// What a model loses on its way to TensorFlow.js.
import { CudaGanError } from '../../errors.js';
import type { Model } from '../../models/model.js';
import { ownClasses } from '../keras/lost.js';
import { writeTrainingConfig } from './training-config.js';
import { writeTopology } from './write-topology.js';

/** In words, each a thing. @throws CudaGanError `CUDA_GAN_VALUE` for a layer that TensorFlow.js has not, or an option of one. */
export function lostInTfjs(model: Model): readonly string[] {
  writeTopology(model);
  const own = [...new Set(ownClasses(model))];
  return [
    ...own.map(
      (name) => `the class ${name}, which TensorFlow.js has not: it loads where tf.serialization has one of that name`,
    ),
    ...(model.pixelRange === undefined
      ? []
      : ['the pixelRange: in TensorFlow.js, bytes are scaled before they are given to it']),
    ...(model.built && model.inputShapes.some((shape) => shape.length === 0)
      ? ["predict of class numbers [n], which TensorFlow.js' predict refuses: its predictOnBatch takes them"]
      : []),
    ...lostOfCompilation(model),
  ];
}

function lostOfCompilation({ compiled }: Model): readonly string[] {
  if (compiled === undefined) return [];
  try {
    const { loss } = writeTrainingConfig(compiled);
    return (typeof loss === 'string' ? [loss] : Object.values(loss as object)).includes('hinge')
      ? ['targets of 0 under hinge, which TensorFlow.js does not take for -1']
      : [];
  } catch (error) {
    if (!(error instanceof CudaGanError)) throw error;
    return [`what compile chose: ${error.message}`];
  }
}
