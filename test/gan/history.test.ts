// The history grows with the run, whatever the chunks in which its steps come.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GanHistory } from '../../lib/gan/history';

test('holds what was appended, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(700), { maxLength: 6 }), (counts) => {
      const history = new GanHistory();
      let next = 0;
      for (const count of counts) {
        const values = Float32Array.from({ length: count }, () => next++);
        const scaled = (factor: number) => values.map((value) => factor * value);
        const outputs = new Map([
          ['dLoss', scaled(1)],
          ['dAccuracy', scaled(2)],
          ['gLoss', scaled(3)],
        ]);
        history.append(outputs, count);
      }
      expect(history.steps).toBe(next);
      const wanted = (factor: number) => Float32Array.from({ length: next }, (_, step) => factor * step);
      expect(history.dLoss).toEqual(wanted(1));
      expect(history.dAccuracy).toEqual(wanted(2));
      expect(history.gLoss).toEqual(wanted(3));
      if (next > 0) {
        const last = next - 1;
        expect(history.at(-1)).toEqual({ step: last, dLoss: last, dAccuracy: 2 * last, gLoss: 3 * last });
      }
    }),
  );
});

test('arrays that were handed out stay as they were', () => {
  const history = new GanHistory();
  const append = (value: number, count: number) => {
    const values = new Float32Array(count).fill(value);
    history.append(new Map(['dLoss', 'dAccuracy', 'gLoss'].map((name) => [name, values])), count);
  };
  append(1, 2);
  const early = history.dLoss;
  append(2, 5000);
  expect([...early]).toEqual([1, 1]);
});
