// ONNX files, both ways.
export { exportOnnx } from './export/index.js';
export { importOnnx } from './import/index.js';
