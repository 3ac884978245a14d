// A layer of one's own in a classifier of points: inside or outside of a ring, which no plane separates. It is saved, and
// loaded again by its registered class. docs/custom-layers.md explains what a layer may have.
// Run: node examples/custom-layer.mjs   (writes runs/radial-basis.safetensors and .svg)
import { mkdirSync } from 'node:fs';
import { input, Layer, layers, loadModel, model, ops, optimizers, plotModel, registerClass, tensor } from 'cuda-gan';

/** Radial basis functions: exp(-(width · |x - centre|)²) for each of `units` learned centres and widths. */
class RadialBasis extends Layer {
  static className = 'RadialBasis';
  #units;

  constructor({ units, ...options }) {
    super(options);
    this.#units = units;
  }

  createWeights([[size]]) {
    this.addWeight('centres', [this.#units, size], { name: 'randomNormal', config: { stddev: 1 } });
    this.addWeight('widths', [this.#units], 'ones');
  }

  call([x]) {
    const [batch, size] = x.shape;
    const difference = ops.subtract(ops.reshape(x, [batch, 1, size]), this.weight('centres', x));
    const distances = ops.sum(ops.square(difference), [2]);
    return ops.exp(ops.negate(ops.multiply(distances, ops.square(this.weight('widths', x)))));
  }

  getConfig() {
    return { ...super.getConfig(), units: this.#units };
  }
}
registerClass(RadialBasis);

/** Points of the square from -2 to 2, and whether they are in the ring between the radii 1 and 1.5. */
function points(count) {
  const places = Float32Array.from({ length: 2 * count }, () => 4 * Math.random() - 2);
  const inRing = Float32Array.from({ length: count }, (_, i) => {
    const radius = Math.hypot(places[2 * i], places[2 * i + 1]);
    return radius > 1 && radius < 1.5 ? 1 : 0;
  });
  return [tensor(places, [count, 2]), tensor(inRing, [count, 1])];
}

const point = input({ shape: [2], name: 'point' });
const features = new RadialBasis({ units: 24 }).apply(point);
// The point itself goes around the layer.
const joined = layers.concatenate().apply([features, point]);
const ring = layers.dense({ units: 1, activation: 'sigmoid', name: 'ring' }).apply(joined);
const classifier = model({ inputs: point, outputs: ring, name: 'classifier', seed: 1 });
classifier.summary();

classifier.compile({
  optimizer: optimizers.adam({ learningRate: 0.01 }),
  loss: 'binaryCrossentropy',
  metrics: ['accuracy'],
});
await classifier.fit(...points(20_000), { epochs: 30 });
const test = points(5000);
const { accuracy } = await classifier.evaluate(...test, { batchSize: 500 });
console.log(`\nIn the ring or not: ${(100 * accuracy).toFixed(1)} % of new points are told rightly`);

mkdirSync('runs', { recursive: true });
await classifier.save('runs/radial-basis.safetensors');
await plotModel(classifier, 'runs/radial-basis.svg');
const loaded = await loadModel('runs/radial-basis.safetensors');
const [before, after] = [await classifier.predict(test[0]), await loaded.predict(test[0])];
const same = before.data.every((value, i) => value === after.data[i]);
console.log(`Loaded again, it answers the same: ${same}`);
