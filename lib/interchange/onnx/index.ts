// ONNX files, both ways.
export { exportOnnx } from './export/index.js';
