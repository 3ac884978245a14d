// The package's own package.json. A CommonJS module in both builds of the package, for `__dirname` and `require`.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the package. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'CMakeLists.txt'))) folder = dirname(folder);
  return folder;
}

export function packageVersion(): string {
  return require(join(packageRoot(), 'package.json')).version;
}
