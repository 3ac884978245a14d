// Counts how often the package looks up a global: in jest's sandbox, and in any other context of `vm` with a global object
// of its own, that costs a hundred times as much as elsewhere. So it must not happen for every weight or pixel.
const assert = require('node:assert/strict');
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const vm = require('node:vm');

const counts = new Map();

/** The package's exports, from a copy that lives among globals that are counted. */
function load() {
  const sandbox = {};
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const get = () => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return globalThis[name];
    };
    Object.defineProperty(sandbox, name, { get });
  }
  const filename = require.resolve('cuda-gan');
  const code = `(function (require, module, exports, __dirname) {${readFileSync(filename, 'utf8')}\n})`;
  const run = vm.runInContext(code, vm.createContext(sandbox), { filename });
  const module = { exports: {} };
  run(createRequire(filename), module, module.exports, dirname(filename));
  return module.exports;
}

(async () => {
  const { GAN, tensor } = load();
  const gan = new GAN({ latentDim: 100, device: 'cpu', seed: 1 });
  const shape = [64, 28, 28, 1];
  const pixels = shape.reduce((product, dimension) => product * dimension);
  // As numbers, so that each is checked; with a folder, so that pictures are drawn.
  await gan.train(tensor(new Float32Array(pixels), shape), { steps: 3, outDir: 'lookups' });
  await gan.generate(25);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  assert.ok(total < pixels, JSON.stringify(Object.fromEntries(counts)));
  console.log(`${total} look-ups`);
})();
