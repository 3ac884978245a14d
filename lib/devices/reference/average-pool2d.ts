// The mean of every window.
import type { Pool2dGeometry } from '../../ops/pool2d-geometry.js';
import type { Kernel } from './kernel.js';
import { forEachWindow } from './pool2d.js';

export const averagePool2d: Kernel = ({ inputs: [x], outputs: [y], attributes }) => {
  forEachWindow(attributes as Pool2dGeometry, x!.shape, (window, output) => {
    y!.data[output] = window.reduce((sum, place) => sum + x!.data[place]!, 0) / window.length;
  });
};
