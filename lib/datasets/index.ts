// Data sets.
export { type Digits, type MnistOptions, mnist } from './mnist.js';
