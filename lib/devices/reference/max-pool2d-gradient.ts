// dy added up at the places of the maxima of x.
import type { Pool2dGeometry } from '../../ops/pool2d-geometry.js';
import type { Kernel } from './kernel.js';
import { placeOfMaximum } from './max-pool2d.js';
import { forEachWindow } from './pool2d.js';

export const maxPool2dGradient: Kernel = ({ inputs: [x, dy], outputs: [dx], attributes }) => {
  dx!.data.fill(0);
  forEachWindow(attributes as Pool2dGeometry, x!.shape, (window, output) => {
    dx!.data[placeOfMaximum(x!.data, window)]! += dy!.data[output]!;
  });
};
