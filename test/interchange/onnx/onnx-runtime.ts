// onnxruntime in Python, to which exported files are held.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Model, saveNpz, type Tensor } from '../../../lib/index';
import { exportOnnx } from '../../../lib/interchange/onnx/export/index';
import { randomInputs, randomizeWeights } from '../../support/model-cases';
import { pythonLacks, runPython } from '../../support/python';

/** Why there is none, if so. */
export const runtimeMissing = pythonLacks('onnx', 'onnxruntime', 'numpy');

export interface RuntimeResult {
  readonly error?: string;
  /** The largest, in units of 1 + |expected|. */
  readonly difference: number;
  /** How many there are of each operator. */
  readonly nodes: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What the runtime makes of every model, for batches of several sizes each. */
export async function runCases(
  folder: string,
  models: Readonly<Record<string, Model>>,
): Promise<ReadonlyMap<string, RuntimeResult>> {
  mkdirSync(folder, { recursive: true });
  const names = Object.keys(models);
  for (const [i, model] of Object.values(models).entries()) await writeCase(join(folder, String(i)), model);
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(names.map((_, i) => String(i))));
  const printed = runPython(join(__dirname, 'check_onnx.py'), folder);
  const results: Record<string, RuntimeResult> = JSON.parse(printed);
  return new Map(names.map((name, i) => [name, results[String(i)]!]));
}

async function writeCase(path: string, model: Model): Promise<void> {
  await randomizeWeights(model);
  writeFileSync(`${path}.onnx`, Buffer.concat(await exportOnnx(model)));
  for (const [number, samples] of [1, 4, 6].entries()) {
    const inputs = randomInputs(model, samples);
    const predicted = (await model.predict(inputs)) as unknown;
    const outputs = (isTensor(predicted) ? [predicted] : Object.values(predicted as object)) as Tensor[];
    const byName = (names: readonly string[], tensors: readonly Tensor[]) =>
      new Map(names.map((name, i) => [name, tensors[i]!]));
    await saveNpz(`${path}.${number}.inputs.npz`, byName(model.inputNames, inputs));
    await saveNpz(`${path}.${number}.outputs.npz`, byName(model.outputNames, outputs));
  }
}

const isTensor = (value: unknown): value is Tensor => 'data' in (value as object) && 'shape' in (value as object);
