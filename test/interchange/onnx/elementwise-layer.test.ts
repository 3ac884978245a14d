// The layer for what graphs compute element by element.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { input, tensor } from '../../../lib/index';
import { type FunctionName, OnnxElementwise } from '../../../lib/interchange/onnx/import/elementwise-layer';
import { applyLayer } from '../../layers/apply-layer';
import { error } from '../../support/errors';
import { junkOptions, onlyCodedErrors } from '../../support/junk';

const x = tensor(Float32Array.of(1, -2, 4), [1, 3]);
const operand = tensor(Float32Array.of(2), []);

test.each([
  ['add', false, [3, 0, 6]],
  ['subtract', false, [-1, -4, 2]],
  ['subtract', true, [1, 4, -2]],
  ['multiply', false, [2, -4, 8]],
  ['divide', false, [0.5, -1, 2]],
  ['divide', true, [2, -1, 0.5]],
  ['maximum', false, [2, 2, 4]],
  ['minimum', false, [1, -2, 2]],
] as const)('%s with a constant, in front of it: %s', async (name, operandFirst, wanted) => {
  const layer = new OnnxElementwise({ function: name, operandShape: [], operandFirst });
  expect([...Array.from(await applyLayer(layer, x, { weights: [operand] }))]).toEqual(wanted);
});

test('a constant is a weight that trains where it is told to', () => {
  const trains = (operandTrains: boolean) => {
    const layer = new OnnxElementwise({ function: 'add', operandShape: [3], operandTrains });
    layer.apply(input({ shape: [3] }));
    return layer.trainableWeights.length;
  };
  expect([trains(true), trains(false)]).toEqual([1, 0]);
});

test('a function of one number', async () => {
  const layer = new OnnxElementwise({ function: 'negate' });
  expect(Array.from(await applyLayer(layer, x))).toEqual([-1, 2, -4]);
});

test('errors', () => {
  const [a, b] = [input({ shape: [3] }), input({ shape: [3] })];
  expect(() => new OnnxElementwise({ function: 'tan' as FunctionName })).toThrow(
    error('CUDA_GAN_VALUE', 'unknown function "tan"'),
  );
  expect(() => new OnnxElementwise({ function: 'add' }).apply(a)).toThrow(
    error('CUDA_GAN_VALUE', 'add takes 2 inputs, found 1'),
  );
  expect(() => new OnnxElementwise({ function: 'abs' }).apply([a, b])).toThrow(
    error('CUDA_GAN_VALUE', 'abs takes 1 input, found 2'),
  );
});

test('whatever it is given, only errors with a code come out', async () => {
  const options = { function: 'add', operandShape: [3], operandFirst: true, operandTrains: true };
  await fc.assert(
    fc.asyncProperty(junkOptions(options), (given) => onlyCodedErrors(() => new OnnxElementwise(given as never))),
  );
});
