import { join } from 'node:path';
import { writeFile, readFile } from 'node:fs/promises';
import { RandomStream } from '../../lib/random/random-stream';
import { sizeOf, type Tensor } from '../../lib/tensor';
import type { Model } from '../../lib/models/model';
import { readHdf5, type Hdf5Group } from '../../lib/formats/hdf5/index';
import { bytesSource } from '../../lib/formats/byte-source';

export async function exportModel(folder: string, name: string, model: Model): Promise<void> {
  const random = new RandomStream(1, 5);
  const w = await model.getWeights();
  await model.setWeights(w.map((t, i) => ({ shape: t.shape, data: Float32Array.from(t.data, (v) => v + (model.namedWeights[i]![0].endsWith('variance') ? random.uniform() : 0.3 * (random.uniform() - 0.5))) })));
  const inputs = model.inputShapes.map((shape, i): Tensor => {
    const full = [3, ...shape];
    return model.inputDTypes[i] === 'int32'
      ? { shape: full, data: Int32Array.from({ length: sizeOf(full) }, () => Math.floor(random.uniform() * 5)) }
      : { shape: full, data: Float32Array.from({ length: sizeOf(full) }, () => random.uniform() * 2 - 1) };
  });
  const got: unknown = await model.predict((inputs.length === 1 ? inputs[0] : inputs) as never);
  const outputs = (Array.isArray(got) ? got : [got]) as Tensor[];
  const path = join(folder, `${name}.h5`);
  await model.save(path, { for: 'deeplearning4j' });
  const root = await readHdf5(bytesSource(await readFile(path)) as never) as Hdf5Group;
  const kind = JSON.parse(String(root.attributes.get('model_config'))).class_name;
  const plain = (t: Tensor) => ({ shape: t.shape, data: [...t.data] });
  await writeFile(join(folder, `${name}.json`), JSON.stringify({ kind, inputs: inputs.map(plain), outputs: outputs.map(plain) }));
}
