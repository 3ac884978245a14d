// Draws what the generator makes of noise. The number behind # in the address is the seed of it, so that a picture can be sent on.
// `tf` is TensorFlow.js, of the scripts that index.html names.
import { noiseBetween, pixelsOf } from './noise.js';

const { tf } = window;
const [columns, rows] = [5, 4];
const count = columns * rows;
const [canvas, walk, status] = ['picture', 'walk', 'status'].map((id) => document.getElementById(id));

tf.wasm.setWasmPaths('https://cdn.jsdelivr.net/npm/@tensorflow/tfjs-backend-wasm@4.22.0/dist/');
await tf.setBackend('wasm');
// With ./, or TensorFlow.js would look for the weights at the root of the site.
const generator = await tf.loadLayersModel('./generator.json');
const latentDim = generator.inputs[0].shape[1];
/** A conditional generator is given classes too: the digits in turn. */
const classes = generator.inputs.length === 1 ? undefined : Int32Array.from({ length: count }, (_, i) => i % 10);

/** Generates and draws; one drawing at a time, of the newest wish. */
let waiting = false;
let drawing = false;
async function draw() {
  waiting = true;
  if (drawing) return;
  drawing = true;
  while (waiting) {
    waiting = false;
    await drawOnce(Number(location.hash.slice(1)), Number(walk.value));
  }
  drawing = false;
}

async function drawOnce(seed, share) {
  const begin = performance.now();
  const noise = noiseBetween(seed, share, count * latentDim);
  const images = tf.tidy(() => {
    const inputs = [tf.tensor(noise, [count, latentDim]), ...(classes === undefined ? [] : [tf.tensor(classes)])];
    return generator.predictOnBatch(inputs.length === 1 ? inputs[0] : inputs); // predict takes no class numbers [n]
  });
  const pixels = pixelsOf(await images.data(), images.shape, columns);
  const [, height, width] = images.shape;
  images.dispose();
  canvas.width = columns * width;
  canvas.height = rows * height;
  canvas.getContext('2d').putImageData(new ImageData(pixels, canvas.width), 0, 0);
  status.textContent = `Seed ${seed}: ${count} images in ${Math.round(performance.now() - begin)} ms`;
  document.documentElement.dataset.drawn = `${seed}/${share}`;
}

walk.addEventListener('input', draw);
window.addEventListener('hashchange', draw);
document.getElementById('controls').addEventListener('submit', (event) => {
  event.preventDefault();
  walk.value = '0';
  location.hash = String(Number(location.hash.slice(1)) + 1);
});
await draw();
