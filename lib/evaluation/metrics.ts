// What users know as `metrics`: those of `compile`, and the figures of what was generated.
export * from '../metrics/index.js';
export * from './index.js';
