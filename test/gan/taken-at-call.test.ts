// Every call takes what it was given at the moment of the call: what happens to it afterwards does not matter.
import { describe, expect, test } from '@jest/globals';
import { type Tensor, type TrainOptions, tensor } from '../../lib/index';
import { scratchFolder } from './scratch';
import { smallGan, smallImages, weightsOf } from './small-gan';

const floats = () =>
  tensor(
    Float32Array.from(smallImages().data, (pixel) => pixel / 127.5 - 1),
    [12, 4, 4, 1],
  );

interface MutableTensor {
  shape: number[];
  data: Uint8Array | Float32Array;
}

const changes: Record<string, (images: MutableTensor) => void> = {
  filled: ({ data }) => data.fill(0),
  transferred: ({ data }) => {
    structuredClone(data, { transfer: [data.buffer as ArrayBuffer] });
    expect(data.length).toBe(0);
  },
  replaced: (images) => {
    images.shape.length = 0;
    images.data = new Uint8Array();
  },
};

describe.each(['uint8', 'float32'])('%s images', (dtype) => {
  describe.each(['with', 'without'])('%s a folder', (folder) => {
    test.each(Object.entries(changes))('may be %s right after train is called', async (_, change) => {
      const images = (): Tensor<Uint8Array | Float32Array> => (dtype === 'uint8' ? smallImages() : floats());
      const options = (): TrainOptions => ({
        steps: 5,
        batchSize: 8,
        ...(folder === 'with' && { outDir: scratchFolder() }),
      });
      const [changed, kept] = [smallGan(), smallGan()];
      const given = images();
      const run = changed.train(given, options());
      change(given as MutableTensor);
      const history = await run;
      const wanted = await kept.train(images(), options());
      expect(history.dLoss).toEqual(wanted.dLoss);
      expect(await weightsOf(changed)).toEqual(await weightsOf(kept));
    });
  });
});

test('options may be changed right after train is called', async () => {
  const outDir = scratchFolder();
  const options = { steps: 5, batchSize: 8, outDir, onSample: () => undefined };
  const run = smallGan().train(smallImages(), options);
  Object.assign(options, { steps: 1, batchSize: 7, sampleInterval: 0, outDir: 3, onSample: 3, signal: 3 });
  expect(await run).toMatchObject({ steps: 5, aborted: false });
});
