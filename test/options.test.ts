// Options that do not exist are named, with the nearest that does.
import { describe, expect, test } from '@jest/globals';
import { nearestName } from '../lib/nearest-name';
import { checkOptions, type OptionNames } from '../lib/options';
import { error } from './support/errors';

interface Options {
  readonly units?: number;
  readonly kernelInitializer?: string;
}
const names: OptionNames<Options> = { units: true, kernelInitializer: true };
// @ts-expect-error: a list that lacks a name does not compile.
const _tooFew: OptionNames<Options> = { units: true };
// @ts-expect-error: nor does one with a name too many.
const _tooMany: OptionNames<Options> = { ...names, colour: true };
const check = (options: unknown) => checkOptions('layers.dense', options as Options, names);

describe('checkOptions', () => {
  test('hands back the options, and none when there are none', () => {
    const options = { units: 3 };
    expect(check(options)).toBe(options);
    expect(check(undefined)).toEqual({});
  });

  test('takes options without a prototype, and those of a class', () => {
    class Settings {
      units = 3;
    }
    expect(check(Object.assign(Object.create(null), { units: 3 }))).toMatchObject({ units: 3 });
    expect(check(new Settings())).toMatchObject({ units: 3 });
  });

  test('names an unknown option, the nearest known one, and all that are allowed', () => {
    expect(() => check({ units: 3, kernelRegularizer: 'l2' })).toThrow(
      error(
        'CUDA_GAN_VALUE',
        'layers.dense: unknown option "kernelRegularizer"; did you mean "kernelInitializer"? ' +
          'Allowed are units, kernelInitializer',
      ),
    );
  });

  test('names no nearest option where none is near', () => {
    expect(() => check({ colour: 'red' })).toThrow(
      error('CUDA_GAN_VALUE', 'layers.dense: unknown option "colour"; allowed are units, kernelInitializer'),
    );
    expect(() => checkOptions('initializers.zeros', { seed: 1 } as object, {})).toThrow(
      error('CUDA_GAN_VALUE', 'initializers.zeros: unknown option "seed"; there are none'),
    );
  });

  test('is not deceived by what every object inherits', () => {
    expect(() => check({ constructor: 1 })).toThrow(error('CUDA_GAN_VALUE', 'unknown option "constructor"'));
    expect(() => check(JSON.parse('{ "__proto__": 1 }'))).toThrow(error('CUDA_GAN_VALUE', '"__proto__"'));
  });

  test.each([
    ['null', null],
    ['[1]', [1]],
    ['3', 3],
    ['"relu"', 'relu'],
    ['3n', 3n],
    ['Symbol(x)', Symbol('x')],
    ['true', true],
    ['a function', () => 3],
    ['a Map', new Map()],
    ['a Float32Array', new Float32Array(3)],
  ])('refuses %s, which is no object of options', (found, options) => {
    expect(() => check(options)).toThrow(
      error('CUDA_GAN_VALUE', `layers.dense: options is ${found}; allowed are objects with units, kernelInitializer`),
    );
  });
});

test.each([
  ['learning_rate', 'learningRate'],
  ['lr', 'learningRate'],
  ['lerningRate', 'learningRate'],
  ['laerningRate', 'learningRate'],
  ['batchsize', 'batchSize'],
  ['batch_size', 'batchSize'],
  ['nb_epoch', 'epochs'],
  ['beta_1', 'beta1'],
  ['unit', 'units'],
  ['rate', undefined],
  ['', undefined],
])('the name nearest to "%s" is %s', (name, nearest) => {
  const known = ['learningRate', 'beta1', 'beta2', 'epsilon', 'batchSize', 'epochs', 'units'];
  expect(nearestName(name, known)).toBe(nearest);
});
