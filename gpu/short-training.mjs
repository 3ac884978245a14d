// Some steps of the article's GAN on the cuda device in every precision, with small and large batches: for tools that
// watch every access to memory. Prints the last losses. Usage: short-training.mjs [steps]
import { GAN } from 'cuda-gan';

// With 40 steps, calls grow from 1 step to 16, which is as many as the larger graph has, and end with a few single ones.
const steps = Number(process.argv[2] ?? 40);
const rows = 1024;
const images = { shape: [rows, 28, 28, 1], data: Uint8Array.from({ length: rows * 784 }, (_, i) => (i * 7919) % 256) };

for (const precision of ['float32', 'tf32', 'bfloat16']) {
  for (const batchSize of [32, 512]) {
    const gan = new GAN({ device: 'cuda', precision, seed: 1 });
    const history = await gan.train(images, { steps, batchSize, sampleInterval: steps });
    const { dLoss, gLoss } = history.at(-1);
    console.log(`${precision}, batch ${batchSize}: D loss ${dLoss}, G loss ${gLoss}`);
    gan.dispose();
  }
}
