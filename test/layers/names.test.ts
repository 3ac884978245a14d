// Names of layers: `/` joins them in the names of weights, so none may contain it.
import { describe, expect, test } from '@jest/globals';
import { layers, Sequential } from '../../lib/index';
import { error } from '../support/errors';

describe('a name', () => {
  test.each<[unknown, string]>([
    ['a/b', '"a/b"; allowed are texts without "/"'],
    ['/', '"/"; allowed are texts without "/"'],
    ['', '""; allowed are texts that are not empty'],
    [7, '7; allowed are texts that are not empty'],
    [{}, 'an object; allowed are texts that are not empty'],
    [['a'], '["a"]; allowed are texts that are not empty'],
  ])('is not %p, of a layer or a model', (wrong, found) => {
    const name = wrong as string;
    const refused = error('CUDA_GAN_VALUE', `name is ${found}`);
    expect(() => layers.dense({ units: 1, name })).toThrow(refused);
    expect(() => layers.flatten({ name })).toThrow(refused);
    expect(() => new Sequential({ name, layers: [] })).toThrow(refused);
    expect(() => {
      layers.flatten().name = name;
    }).toThrow(refused);
  });

  test('may be any other text', () => {
    expect(layers.dense({ units: 1, name: 'grüße, welt: 1\\2' }).name).toBe('grüße, welt: 1\\2');
  });
});
