// Runs some steps of the article's script on MNIST, and prints for each call of trainOnBatch whose weights it moved.
// Arguments: steps, folder for pictures.
import { ArticleGAN } from '../../examples/article-script.mjs';

const [steps, folder] = process.argv.slice(2);
const gan = new ArticleGAN();
const calls = [];

/** Bytes of all weights of a model. */
const contents = async (model) => Buffer.concat((await model.getWeights()).map(({ data }) => Buffer.from(data.buffer)));

for (const name of ['discriminator', 'combined']) {
  const model = gan[name];
  const trainOnBatch = model.trainOnBatch.bind(model);
  model.trainOnBatch = async (x, y) => {
    const before = [await contents(gan.generator), await contents(gan.discriminator)];
    const logs = await trainOnBatch(x, y);
    const after = [await contents(gan.generator), await contents(gan.discriminator)];
    const [generator, discriminator] = before.map((bytes, i) => !bytes.equals(after[i]));
    calls.push({ name, generator, discriminator, ...logs });
    return logs;
  };
}

const log = console.log;
console.log = () => undefined;
await gan.train({ epochs: Number(steps), batchSize: 32, saveInterval: Number(steps) - 1, folder });
log(JSON.stringify(calls));
