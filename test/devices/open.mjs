// Run in a process of its own by process.test.ts, with the built package: prints the cpu device, or the error's code and
// message.
import { createDevice } from '../../dist/esm/devices/select.js';

try {
  console.log(createDevice('cpu').description);
} catch ({ code, message }) {
  console.log(`${code}: ${message}`);
}
