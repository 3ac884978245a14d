// The article's script, ported line by line: examples/article-script.mjs on real MNIST.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ended, startScript } from '../cli/command';
import { scratchFolder } from '../gan/scratch';

interface Call {
  readonly name: 'discriminator' | 'combined';
  /** Whether the call moved its weights. */
  readonly generator: boolean;
  readonly discriminator: boolean;
  readonly loss: number;
}

test('each network moves by its own training, and not by a bit by that of the other', async () => {
  const steps = 12;
  const folder = scratchFolder();
  const { code, stdout, stderr } = await ended(
    startScript(join(__dirname, 'article-script.mjs'), String(steps), folder),
  );
  expect(code).toBe(0);
  const calls: Call[] = JSON.parse(stdout);
  const own = { name: 'discriminator', generator: false, discriminator: true };
  const combined = { name: 'combined', generator: true, discriminator: false };
  expect(calls.map(({ name, generator, discriminator }) => ({ name, generator, discriminator }))).toEqual(
    Array.from({ length: steps }, () => [own, own, combined]).flat(),
  );
  // Untrained, the discriminator says 1/2, a loss of ln 2 = 0.69; it soon tells the first, shapeless fakes from digits.
  const ofDiscriminator = calls.filter(({ name }) => name === 'discriminator').map(({ loss }) => loss);
  expect((ofDiscriminator.at(-1)! + ofDiscriminator.at(-2)!) / 2).toBeLessThan(0.5);
  expect(existsSync(join(folder, 'mnist_0.png'))).toBe(true);
  // The script freezes the discriminator after its compile and goes on to train it, as Keras 2 warned too: once.
  expect(stderr.match(/CUDA_GAN_TRAINABLE/g)).toHaveLength(1);
});
