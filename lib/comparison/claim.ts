// The article's claim that samples of VAEs are blurrier, held to the numbers.
import type { Estimate } from '../evaluation/intervals.js';

/** What is known of a model's samples. */
export interface SharpnessOfSamples {
  readonly title: string;
  /** Gradient energy, as a share of the data's own. */
  readonly ratio: Estimate;
}

/** Whether the article is right that samples of VAEs are blurrier than those of GANs. */
export interface Claim {
  /** Whether the samples of VAEs are blurrier than the data and than those of every GAN; null where one of the kinds is missing. */
  readonly holds: boolean | null;
  /** The same in words, with the figures that it follows from. */
  readonly text: string;
}

/**
 * A VAE is called blurrier where the whole interval of its gradient energy lies below that of the other: below 1 for the data.
 * Speckle is gradient energy too: a GAN whose ratio is above 1 is noisier than the data, which counts as sharper here.
 */
export function claimOf(vaes: readonly SharpnessOfSamples[], gans: readonly SharpnessOfSamples[]): Claim {
  if (vaes.length === 0 || gans.length === 0) {
    const missing = vaes.length === 0 ? 'VAE' : 'GAN';
    return {
      holds: null,
      text: `Whether VAEs are blurrier than GANs is not told: there is no ${missing} among the models.`,
    };
  }
  const against = [...gans.map(({ title, ratio }) => ({ title, low: ratio.low })), { title: 'the data', low: 1 }];
  const exceptions = vaes.flatMap((vae) =>
    against.filter(({ low }) => vae.ratio.high >= low).map(({ title }) => `${vae.title} than ${title}`),
  );
  const figures = [...vaes, ...gans].map(({ title, ratio }) => `${title} ${inWords(ratio)}`).join(', ');
  const verdict =
    exceptions.length === 0
      ? "The article's claim holds: samples of VAEs are blurrier than the data and than those of GANs."
      : `The article's claim does not hold for all: not blurrier are ${exceptions.join(', ')}.`;
  return {
    holds: exceptions.length === 0,
    text: `${verdict} Gradient energy, as a share of the data's own: ${figures}.`,
  };
}

const inWords = ({ value, low, high }: Estimate) => `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
