// Makes a folder that any web server can show: a page on which a generator draws digits in the browser, by TensorFlow.js.
// Run: node examples/train-gan.mjs, then node examples/browser/export.mjs [generator.safetensors [folder]]
// Then: npx http-server runs/browser   (or any other server of files), and open the address that it prints.
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel } from 'cuda-gan';

const [path = 'runs/train-gan/generator.safetensors', folder = 'runs/browser'] = process.argv.slice(2);
const generator = await loadModel(path);
await mkdir(folder, { recursive: true });
for (const name of ['index.html', 'style.css', 'noise.js', 'page.js']) {
  await copyFile(join(import.meta.dirname, name), join(folder, name));
}
await generator.save(join(folder, 'generator.json'));
console.log(`${folder} has the page; show it by: npx http-server ${folder}`);
generator.dispose();
