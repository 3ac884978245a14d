// Models move to real Keras and back: for every layer, Keras loads what is written here and computes the same, and what Keras saves
// loads here and computes the same.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { layers, loadModel, type Model, saveNpz, type Tensor } from '../../../lib/index';
import { scratchFolder } from '../../gan/scratch';
import { layerCases, randomInputs, randomizeWeights, structureCases } from '../../support/model-cases';
import { pythonLacks, runPython } from '../../support/python';

const folder = scratchFolder();
const endings = ['keras', 'h5'] as const;

/** Twice float32's rounding for each of the at most some hundred terms that an output is a sum of. */
const tolerance = 1e-5;

const cases = [...Object.entries(layerCases), ['structure', structureCases] as const].flatMap(([group, builds]) =>
  Object.entries(builds).map(([name, build]) => [`${group}: ${name}`, build] as const),
);

/** What TensorFlow refuses on processors where oneDNN does not compute it, though Keras loads it. */
const refused: Readonly<Record<string, string>> = {
  'conv2dTranspose: dilated': 'do not yet support dilation rates larger than 1',
  'depthwiseConv2d: same with an even kernel': 'only supports equal length strides',
  'separableConv2d: same with an even kernel': 'only supports equal length strides',
};

interface Result {
  readonly error?: string;
  readonly difference: number;
}

const missing = pythonLacks('keras', 'tensorflow');
const withKeras = missing === undefined ? describe : describe.skip;

test('there is a case for every layer', () => {
  expect(Object.keys(layerCases).sort()).toEqual(Object.keys(layers).sort());
});

withKeras('in Keras', () => {
  const expected = new Map<string, { readonly model: Model; readonly inputs: Tensor[]; readonly outputs: Tensor[] }>();
  let results: Readonly<Record<string, Result>>;

  beforeAll(async () => {
    for (const [i, [name, build]] of cases.entries()) {
      const model = build();
      await randomizeWeights(model);
      const inputs = randomInputs(model, 4);
      const outputs = await predictions(model, inputs);
      expected.set(name, { model, inputs, outputs });
      const path = join(folder, String(i));
      for (const ending of [...endings, 'weights.h5']) await model.save(`${path}.${ending}`);
      await saveNpz(`${path}.inputs.npz`, byName(model.inputNames, inputs));
      await saveNpz(`${path}.outputs.npz`, byName(model.outputNames, outputs));
    }
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases.map((_, i) => String(i))));
    results = JSON.parse(runPython(join(__dirname, 'check_keras.py'), folder));
  }, 600_000);

  describe.each(endings)('.%s', (ending) => {
    test.each(cases.map(([name], i) => [name, i] as const))('%s', async (name, i) => {
      const { error, difference } = results[`${i}.${ending}`]!;
      if (error !== undefined && Object.hasOwn(refused, name)) {
        expect(error).toContain(refused[name]);
        return;
      }
      expect(error).toBeUndefined();
      expect(difference).toBeLessThan(tolerance);
      const { inputs, outputs } = expected.get(name)!;
      const back = await loadModel(join(folder, `${i}.back.${ending}`), { device: 'cpu' });
      const found = await predictions(back as Model, inputs, expected.get(name)!.model);
      expect(found.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
      found.forEach(({ data }, o) => {
        data.forEach((value, j) => {
          const wanted = outputs[o]!.data[j]!;
          expect(Math.abs(value - wanted)).toBeLessThan(tolerance * (1 + Math.abs(wanted)));
        });
      });
      back.dispose();
    });
  });
});

/** By the names of `like` where the model has them: Keras may have put records into another order. */
async function predictions(model: Model, inputs: readonly Tensor[], like = model): Promise<Tensor[]> {
  const { inputNames: names } = like;
  const byNames = inputs.length > 1 && names.every((name) => model.inputNames.includes(name));
  const given = byNames ? Object.fromEntries(byName(names, inputs)) : inputs.length === 1 ? inputs[0]! : inputs;
  const predicted = (await model.predict(given)) as unknown;
  if ('data' in (predicted as object)) return [predicted as Tensor];
  const outputs = predicted as Readonly<Record<string, Tensor>>;
  return like.outputNames.every((name) => Object.hasOwn(outputs, name))
    ? like.outputNames.map((name) => outputs[name]!)
    : Object.values(outputs);
}

function byName(names: readonly string[], tensors: readonly Tensor[]): Map<string, Tensor> {
  return new Map(names.map((name, i) => [name, tensors[i]!]));
}
