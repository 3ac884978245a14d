import { describe, expect, test } from '@jest/globals';
import type { Hdf5Group } from '../../../lib/formats/hdf5/index';
import { readKeras2Optimizer } from '../../../lib/interchange/keras/keras2-weights';

describe('the state of an optimizer in a file of Keras 2', () => {
  // A rejection that nobody waits for ends the process, and with it this test.
  test('is refused where one dataset is damaged and another one missing', async () => {
    const damaged = { kind: 'dataset', attributes: new Map(), read: () => Promise.reject(new Error('damaged')) };
    const state = {
      kind: 'group',
      attributes: new Map([['weight_names', ['first', 'second']]]),
      members: new Map([['first', damaged]]),
    };
    const root = { kind: 'group', attributes: new Map(), members: new Map([['optimizer_weights', state]]) };
    await expect(readKeras2Optimizer(root as unknown as Hdf5Group)).rejects.toThrow(/damaged|no state "second"/);
  });
});
