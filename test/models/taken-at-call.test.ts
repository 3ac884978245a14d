// Every call takes what it was given at the moment of the call: arrays may be filled anew, or handed on, at once.
import { expect, test } from '@jest/globals';
import { type Sequential, type Tensor, tensor } from '../../lib/index';
import { contents, linearModel, normalTensor } from './small-models';

const copy = ({ data, shape }: Tensor<Float32Array>) => tensor(data.slice(), shape);
const [x, y] = [normalTensor([4, 2], 1), normalTensor([4, 1], 2)];

const spoilers: Record<string, (given: Tensor<Float32Array>) => void> = {
  'filled with zeros': ({ data }) => void data.fill(0),
  transferred: ({ data }) => void structuredClone(data, { transfer: [data.buffer as ArrayBuffer] }),
};

const calls: Record<string, (model: Sequential, x: Tensor<Float32Array>, y: Tensor<Float32Array>) => Promise<unknown>> =
  {
    fit: (model, ...data) => model.fit(...data, { batchSize: 2, epochs: 2, validationData: data }),
    'fit of one batch': (model, ...data) => model.fit(...data),
    evaluate: (model, ...data) => model.evaluate(...data, { batchSize: 3 }),
    'evaluate of one batch': (model, ...data) => model.evaluate(...data),
    predict: (model, input) => model.predict(input, { batchSize: 3 }),
    'predict of one batch': (model, input) => model.predict(input),
    testOnBatch: (model, ...data) => model.testOnBatch(...data),
    trainOnBatch: (model, ...data) => model.trainOnBatch(...data),
    setWeights: (model, _, bias) => model.setWeights([normalTensor([2, 1], 3), tensor(bias.data.subarray(0, 1), [1])]),
  };

test.each(Object.keys(calls).flatMap((call) => Object.keys(spoilers).map((spoiler) => [call, spoiler] as const)))(
  '%s with arrays that are %s behind it',
  async (call, spoiler) => {
    const outcome = async (spoil: (given: Tensor<Float32Array>) => void) => {
      const model = linearModel();
      const data = [copy(x), copy(y)] as const;
      const answer = calls[call]!(model, ...data);
      data.forEach(spoil);
      return { answer: await answer, weights: await contents(model) };
    };
    expect(await outcome(spoilers[spoiler]!)).toEqual(await outcome(() => undefined));
  },
);

test('calls on one array that is filled anew in between each train on what it held', async () => {
  const [reusing, separate] = [linearModel(), linearModel()];
  const batches = [1, 2, 3, 4].map((seed) => normalTensor([4, 2], seed));
  const buffer = tensor(new Float32Array(8), [4, 2]);
  const answers = batches.map(({ data }) => {
    buffer.data.set(data);
    return reusing.trainOnBatch(buffer, y);
  });
  const wanted = [];
  for (const batch of batches) wanted.push(await separate.trainOnBatch(batch, y));
  expect(await Promise.all(answers)).toEqual(wanted);
  expect(await contents(reusing)).toEqual(await contents(separate));
});

test.each([Uint8Array, Buffer])('bytes of a %p that is filled anew are those of the call', async (Bytes) => {
  const model = linearModel();
  const bytes = (values: number[]) => tensor(Bytes.from(values), [1, 2]);
  const input = bytes([3, 7]);
  const answer = model.predict(input);
  input.data.fill(0);
  expect(await answer).toEqual(await model.predict(bytes([3, 7])));
});
