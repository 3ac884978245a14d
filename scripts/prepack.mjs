// Runs before `npm pack` and `npm publish`: refuses a package without the addon of every platform that it is made for, or
// without its JavaScript. CUDA_GAN_ALLOW_MISSING_PREBUILDS=1 packs what addons there are, as the test of the package does.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The platforms for which docs/install.md promises an addon; .github/workflows/release.yml builds them. */
const prebuilds = {
  'linux-x64': 'cuda-gan.glibc.node',
  'linux-arm64': 'cuda-gan.glibc.node',
  'win32-x64': 'cuda-gan.node',
};

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const missing = Object.keys(prebuilds).filter(
  (platform) => !existsSync(join(root, 'prebuilds', platform, prebuilds[platform])),
);

if (!existsSync(join(root, 'dist/cjs/index.cjs'))) refuse('dist/ is missing. Make it with: npm run build:ts');
if (missing.length > 0) {
  const found = `no prebuild for ${missing.join(', ')}`;
  if (process.env.CUDA_GAN_ALLOW_MISSING_PREBUILDS === '1') console.warn(`Packed all the same: ${found}`);
  else {
    refuse(
      `${found}. Make each with: npm run prebuild -- --target <platform>. ` +
        'CUDA_GAN_ALLOW_MISSING_PREBUILDS=1 packs without them',
    );
  }
}

function refuse(message) {
  console.error(`Not packed: ${message}`);
  process.exit(1);
}
