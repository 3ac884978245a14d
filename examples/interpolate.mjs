// Uses a trained generator on its own: reads the model that train-gan.mjs wrote and walks from one digit to another,
// along straight lines through the space of noise.
// Run: node examples/train-gan.mjs, then node examples/interpolate.mjs   (writes runs/train-gan/interpolation.png)
import { Sequential, saveGrid, tensor } from 'cuda-gan';

const folder = 'runs/train-gan';
const generator = await Sequential.load(`${folder}/generator.safetensors`);
const [latentDim] = generator.inputShape;
const [rows, columns] = [6, 10];

/** A vector of standard normal numbers (Box & Muller 1958). */
function noise() {
  return Float32Array.from({ length: latentDim }, () => {
    return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  });
}

const walks = new Float32Array(rows * columns * latentDim);
for (let row = 0; row < rows; row++) {
  const [from, to] = [noise(), noise()];
  for (let column = 0; column < columns; column++) {
    const share = column / (columns - 1);
    const point = from.map((value, i) => (1 - share) * value + share * to[i]);
    walks.set(point, (row * columns + column) * latentDim);
  }
}

const images = await generator.predict(tensor(walks, [rows * columns, latentDim]));
await saveGrid(`${folder}/interpolation.png`, images, { rows, columns });
console.log(`${rows} walks of ${columns} steps are in ${folder}/interpolation.png`);
generator.dispose();
