// A run that was ended and is resumed comes to the bits of the run without a break.
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { GAN, type GanOptions, type TrainOptions } from '../../lib/index';
import { scratchFolder } from './scratch';
import { smallGan, smallImages } from './small-gan';

/** The newest checkpoint: all Variables of the GAN, of whatever use. */
function newest(outDir: string): Buffer {
  const folder = join(outDir, 'checkpoints');
  const bytes = readFileSync(join(folder, readdirSync(folder).sort().at(-1)!));
  const header = 8 + Number(bytes.readBigUInt64LE(0));
  return bytes.subarray(header);
}

async function unbroken(gan: GanOptions, options: TrainOptions) {
  const outDir = scratchFolder();
  const history = await smallGan(gan).train(smallImages(), { ...options, outDir });
  return { outDir, history };
}

/** Ends a run after so many steps, and resumes it. */
async function broken(gan: GanOptions, options: TrainOptions, steps: number) {
  const outDir = scratchFolder();
  const controller = new AbortController();
  const onBatchEnd = () => {
    if (++done === steps) controller.abort();
  };
  let done = 0;
  await smallGan(gan).train(smallImages(), {
    ...options,
    outDir,
    signal: controller.signal,
    callbacks: { onBatchEnd },
  });
  const { history } = await GAN.resume(outDir, smallImages());
  return { outDir, history };
}

describe.each(['cpu', 'reference'] as const)('on the %s device', (device) => {
  const options = { steps: 12, batchSize: 8, sampleInterval: 5 };

  test.each([1, 3, 6, 11])('a run that was ended after %d steps', async (steps) => {
    const [whole, resumed] = [await unbroken({ device }, options), await broken({ device }, options, steps)];
    expect(resumed.history.figures).toEqual(whole.history.figures);
    expect(resumed.history).toMatchObject({ steps: 12, aborted: false });
    expect(newest(resumed.outDir).equals(newest(whole.outDir))).toBe(true);
    expect(readFileSync(join(resumed.outDir, 'history.jsonl'))).toEqual(
      readFileSync(join(whole.outDir, 'history.jsonl')),
    );
  });
});
void cpSync;
