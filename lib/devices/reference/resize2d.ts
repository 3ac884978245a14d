// Images at another size: every place is mixed of up to four.
import type { Resize2dAttributes } from '../../ops/resize2d.js';
import type { Shape } from '../../tensor.js';
import type { Kernel } from './kernel.js';

export const resize2d: Kernel = ({ inputs: [x], outputs: [y], attributes }) => {
  y!.data.fill(0);
  forEachMix(attributes as Resize2dAttributes, x!.shape, (xAt, yAt, weight) => {
    y!.data[yAt]! += x!.data[xAt]! * weight;
  });
};

/** Calls `visit` with the position of every element of the result, and that and the weight of every one it is mixed of. */
export function forEachMix(
  { inputSize, outputSize, interpolation }: Resize2dAttributes,
  [batch, , , channels]: Shape,
  visit: (xAt: number, yAt: number, weight: number) => void,
): void {
  const sources = interpolation === 'nearest' ? nearest : bilinear;
  for (let n = 0; n < batch!; n++) {
    for (let oy = 0; oy < outputSize[0]; oy++) {
      for (let ox = 0; ox < outputSize[1]; ox++) {
        const yAt = ((n * outputSize[0] + oy) * outputSize[1] + ox) * channels!;
        for (const [iy, vertical] of sources(oy, inputSize[0], outputSize[0])) {
          for (const [ix, horizontal] of sources(ox, inputSize[1], outputSize[1])) {
            const xAt = ((n * inputSize[0] + iy) * inputSize[1] + ix) * channels!;
            for (let c = 0; c < channels!; c++) visit(xAt + c, yAt + c, vertical * horizontal);
          }
        }
      }
    }
  }
}

type Sources = readonly (readonly [place: number, weight: number])[];

/** ⌊(o + ½) · input / output⌋, in whole numbers. */
function nearest(output: number, inputs: number, outputs: number): Sources {
  return [[Math.floor(((2 * output + 1) * inputs) / (2 * outputs)), 1]];
}

function bilinear(output: number, inputs: number, outputs: number): Sources {
  const center = ((2 * output + 1) * inputs) / (2 * outputs) - 0.5;
  const left = Math.floor(center);
  const share = center - left;
  const clamped = (place: number) => Math.min(Math.max(place, 0), inputs - 1);
  return [
    [clamped(left), 1 - share],
    [clamped(left + 1), share],
  ];
}
