// Uses a trained generator on its own: reads the model that train-gan.mjs wrote and walks from one digit to the next, and
// back to the first, through the space of noise.
// Run: node examples/train-gan.mjs, then node examples/interpolate.mjs   (writes interpolation.png and interpolation-movie.png
// to runs/train-gan)
import { interpolateNoise, Sequential, saveGrid, saveMovie, tensor } from 'cuda-gan';

const folder = 'runs/train-gan';
const generator = await Sequential.load(`${folder}/generator.safetensors`);
const [latentDim] = generator.inputShape;
const [rows, columns] = [6, 10];

/** A standard normal number (Box & Muller 1958). */
function normal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

const noise = tensor(Float32Array.from({ length: rows * latentDim }, normal), [rows, latentDim]);
const images = await generator.predict(interpolateNoise(noise, { steps: columns, loop: true }));
await saveGrid(`${folder}/interpolation.png`, images, { rows, columns });
await saveMovie(`${folder}/interpolation-movie.png`, images, { rows: 1, columns: 1, scale: 8, fps: 15 });
console.log(`${rows} walks of ${columns} steps are in ${folder}/interpolation.png, and as a movie beside it`);
generator.dispose();
