// t at the places of the maxima of x.
import type { Pool2dGeometry } from '../../ops/pool2d-geometry.js';
import type { Kernel } from './kernel.js';
import { forEachWindow } from './pool2d.js';

export const maxPool2d: Kernel = ({ inputs: [x, t], outputs: [y], attributes }) => {
  forEachWindow(attributes as Pool2dGeometry, x!.shape, (window, output) => {
    y!.data[output] = t!.data[placeOfMaximum(x!.data, window)]!;
  });
};

/** The first place of the largest element; of the first NaN where there is one. */
export function placeOfMaximum(data: Float64Array, places: readonly number[]): number {
  return places.reduce((best, place) =>
    data[place]! > data[best]! || (Number.isNaN(data[place]) && !Number.isNaN(data[best])) ? place : best,
  );
}
