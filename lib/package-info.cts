// The package's own package.json. A CommonJS module in both builds of the package, for `__dirname` and `require`.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the package: the nearest above this file with a package.json that has a name. */
export function packageRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && require(manifest).name !== undefined) return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json above ${__dirname}`);
  }
}

export function packageVersion(): string {
  return require(join(packageRoot(), 'package.json')).version;
}

/** The headers that the addon is compiled with: Node-API's in C and in C++. */
export function headerFolders(): string[] {
  const folderOf = (name: string) => dirname(require.resolve(`${name}/package.json`));
  return [join(folderOf('node-api-headers'), 'include'), folderOf('node-addon-api')];
}
