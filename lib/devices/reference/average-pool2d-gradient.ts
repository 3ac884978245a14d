// dy shared out among the elements of every window.
import type { Pool2dGeometry } from '../../ops/pool2d-geometry.js';
import type { Kernel } from './kernel.js';
import { forEachWindow } from './pool2d.js';

export const averagePool2dGradient: Kernel = ({ inputs: [dy], outputs: [dx], attributes }) => {
  dx!.data.fill(0);
  forEachWindow(attributes as Pool2dGeometry, dx!.shape, (window, output) => {
    for (const place of window) dx!.data[place]! += dy!.data[output]! / window.length;
  });
};
