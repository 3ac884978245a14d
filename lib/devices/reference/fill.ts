// `value` in every element.
import type { Kernel } from './kernel.js';

export const fill: Kernel = ({ outputs: [y], attributes }) => y!.data.fill(attributes.value as number);
