// A device that fails does so in all that was asked of it. A rejection that nobody waits for ends the process: here, the tests.
import { describe, expect, test } from '@jest/globals';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { visitDistances } from '../../lib/evaluation/squared-distances';
import { BatchProgram } from '../../lib/models/batch-program';
import type { Program } from '../../lib/program/program';
import { normalTensor } from './small-models';

class FailingDevice extends ReferenceDevice {
  override allocate(...given: Parameters<ReferenceDevice['allocate']>) {
    return { ...super.allocate(...given), write: () => fail('write') };
  }
  override compile(program: Program) {
    return { ...super.compile(program), run: () => fail('run') };
  }
}

const fail = (call: string) => Promise.reject(new Error(`${call} failed`));

describe('a device that fails', () => {
  test('ends a step on a batch', async () => {
    const data = { rows: 2, inputs: [normalTensor([2, 3], 1)], targets: [], weights: [] };
    const device = new FailingDevice();
    const program = new BatchProgram(data as never, {
      device,
      seed: 1,
      stream: 0,
      pixelRange: undefined,
      record: (graph, { inputs }) => graph.output('x', inputs[0]!),
    });
    await expect(program.run(data as never, 0)).rejects.toThrow(/(write|run) failed/);
  });

  test('ends a measurement of distances', async () => {
    const rows = { count: 2, dimension: 3, data: normalTensor([2, 3], 1).data };
    await expect(visitDistances(rows, rows, new FailingDevice(), () => {})).rejects.toThrow(/(write|run) failed/);
  });
});
