// Files of a model for Deeplearning4j: the model, inputs, and what it makes of them.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model, Prediction } from '../../lib/models/model';
import { RandomStream } from '../../lib/random/random-stream';
import { type Shape, sizeOf, type Tensor } from '../../lib/tensor';

const samples = 3;
const random = new RandomStream(1, 1);

/** Writes `name.h5` and `name.json`. */
export async function exportCase(folder: string, name: string, model: Model): Promise<void> {
  await varyConstants(model);
  const inputs = model.inputShapes.map((shape, i) =>
    randomTensor([samples, ...shape], model.inputDTypes[i] === 'int32'),
  );
  const predicted = (await model.predict(inputs.length === 1 ? inputs[0]! : inputs)) as
    | Prediction
    | readonly Prediction[];
  const outputs: readonly Prediction[] = 'data' in predicted ? [predicted as Prediction] : Object.values(predicted);
  await model.save(join(folder, `${name}.h5`), { for: 'deeplearning4j' });
  // The importer takes single numbers as vectors of one.
  const plain = ({ shape, data }: Tensor) => ({ shape: shape.length === 1 ? [...shape, 1] : shape, data: [...data] });
  await writeFile(
    join(folder, `${name}.json`),
    JSON.stringify({ inputs: inputs.map(plain), outputs: outputs.map(plain) }),
  );
}

/** Weights that begin as zeros or ones would not be missed. */
async function varyConstants(model: Model): Promise<void> {
  const values = await model.getWeights();
  await model.setWeights(
    values.map(({ shape, data }) =>
      data.every((value) => value === data[0])
        ? { shape, data: Float32Array.from(data, (value) => value + random.uniform() / 2) }
        : { shape, data },
    ),
  );
}

/** Whole numbers of 0 to 4, or numbers of -1 to 1. */
function randomTensor(shape: Shape, whole: boolean): Tensor {
  const data = Array.from({ length: sizeOf(shape) }, () => random.uniform());
  if (whole) return { shape, data: Int32Array.from(data, (value) => Math.floor(5 * value)) };
  return { shape, data: Float32Array.from(data, (value) => 2 * value - 1) };
}
