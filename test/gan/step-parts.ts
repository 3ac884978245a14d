// The parts of a step, with what is the same in all tests.
import { compose } from '../../lib/gan/composition';
import type { StepKind, StepParts } from '../../lib/gan/step';
import { dataVariable } from '../../lib/models/data';
import { Variable } from '../../lib/program/variable';
import { smallImages } from './small-gan';

export const wholeStep: StepKind = { pretraining: false, regularizers: [] };

export function stepParts(given: Pick<StepParts, 'generator' | 'discriminator'> & Partial<StepParts>): StepParts {
  return {
    composition: compose({}),
    images: dataVariable('images', smallImages()),
    stepsDone: new Variable({ name: 'steps', shape: [], dtype: 'int32' }),
    batchSize: 8,
    seed: 1,
    ...given,
  };
}
