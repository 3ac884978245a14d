// Compiles programs for scripts of these tests.

/** The warnings of this process so far. */
export const warnings = [];
process.on('warning', ({ code, message }) => warnings.push(`${code}: ${message}`));

/** Where that is an error, prints it as JSON and ends the process. */
export function compiled(device, program) {
  try {
    return device.compile(program);
  } catch ({ code, message }) {
    console.log(JSON.stringify({ compile: `${code}: ${message}` }));
    process.exit();
  }
}
