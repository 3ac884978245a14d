// Tells Node and TypeScript that .js and .d.ts of dist/cjs are CommonJS, and makes the CLI executable.
import { chmodSync, writeFileSync } from 'node:fs';

writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');
chmodSync('dist/esm/cli/main.js', 0o755);
