// Where the package is, and what it says of itself. A CommonJS module in both builds of the package, for `__dirname`.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** The folder of this code, or of the bundle that has it inside; a bundle that is an ES module knows it by the program. */
const here = typeof __dirname === 'string' ? __dirname : resolve(process.argv[1] ?? '.', '..');

/** Node's own `require`, from that folder: bundlers put another one in the place of `require`. */
export const requireHere = createRequire(join(here, 'package-info.cjs'));

/**
 * The folder of the package: the one above this code or, where that was bundled, the one installed beside the bundle.
 * @throws Error `CUDA_GAN_NO_DEVICE` when there is neither.
 */
export function packageRoot(): string {
  for (let folder = here; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && requireHere(manifest).name === 'cuda-gan') return folder;
    if (folder === dirname(folder)) return installedRoot();
  }
}

function installedRoot(): string {
  try {
    return dirname(requireHere.resolve('cuda-gan/package.json'));
  } catch (cause) {
    const message =
      `cuda-gan runs inside a bundle in ${here}, and the package with its native addon is not installed there: ` +
      'mark cuda-gan as external in the bundler, and install it where the bundle runs';
    throw Object.assign(new Error(message, { cause }), { code: 'CUDA_GAN_NO_DEVICE' });
  }
}

export function packageVersion(): string {
  return requireHere(join(packageRoot(), 'package.json')).version;
}

/** The headers that the addon is compiled with: Node-API's in C and in C++. */
export function headerFolders(): string[] {
  const folderOf = (name: string) => dirname(requireHere.resolve(`${name}/package.json`));
  return [join(folderOf('node-api-headers'), 'include'), folderOf('node-addon-api')];
}
