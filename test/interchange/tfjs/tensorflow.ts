// TensorFlow.js itself, in plain JavaScript: loads what is saved for it, and saves what is to be loaded.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfLayers from '@tensorflow/tfjs-layers';
import type { Tensor } from '../../../lib/index';

// It would advise to install its native package.
tf.env().set('IS_TEST', true);

export { tf, tfLayers };

export type ModelJson = tf.io.ModelJSON & { readonly weightsManifest: tf.io.WeightsManifestConfig };

export async function readJson(path: string): Promise<ModelJson> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/** As its handler of `file://` does. */
export async function loadInTensorflow(path: string): Promise<tfLayers.LayersModel> {
  return tfLayers.loadLayersModel({
    load: async () => {
      const json = await readJson(path);
      return tf.io.getModelArtifactsForJSON(json, async (manifest) => {
        const files = manifest.flatMap(({ paths }) => paths.map((name) => readFile(join(dirname(path), name))));
        const data = Uint8Array.from(Buffer.concat(await Promise.all(files)));
        return [manifest.flatMap(({ weights }) => weights), data.buffer];
      });
    },
  });
}

/** As its handler of `file://` does: one file of weights, `weights.bin`. */
export async function saveInTensorflow(
  model: tfLayers.LayersModel,
  path: string,
  config?: tf.io.SaveConfig,
): Promise<void> {
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    const data = tf.io.CompositeArrayBuffer.join(artifacts.weightData);
    await writeFile(join(dirname(path), 'weights.bin'), new Uint8Array(data));
    const manifest = [{ paths: ['weights.bin'], weights: artifacts.weightSpecs! }];
    const { weightData: _, weightSpecs: __, ...json } = artifacts;
    await writeFile(path, JSON.stringify({ ...json, weightsManifest: manifest }));
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  });
  await model.save(handler, config);
}

export function toTensorflow({ data, shape }: Tensor): tf.Tensor {
  return tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32');
}

/** The first output. */
export async function predictInTensorflow(
  model: tfLayers.LayersModel,
  inputs: readonly Tensor[],
): Promise<{ readonly shape: readonly number[]; readonly data: ArrayLike<number> }> {
  const given = inputs.map(toTensorflow);
  const made = model.predict(given.length === 1 ? given[0]! : given);
  const first = Array.isArray(made) ? made[0]! : made;
  return { shape: first.shape, data: await first.data() };
}
