// Models that train by `fit`: a step of VAEs and of a classifier, on one thread and on all cores, beside PyTorch.
import { median, round } from './figures.mjs';

/** By name, with the batch that they are timed at: those of Burda et al., one with five samples, convolutions, a classifier. */
const models = { vae: 20, vae5: 20, 'vae-cnn': 100, 'classifier-cnn': 128 };

/** Rows of figures. `node` and `python` (undefined without PyTorch) run a script and give its JSON, and take turns over the rounds. */
export function measureFit({ teams, rounds, seconds, node, python, progress }) {
  const rows = Object.entries(models).flatMap(([model, batch]) =>
    teams.flatMap((threads) => {
      const args = [model, batch, threads, seconds];
      return [
        { model, batch, threads, who: 'cuda-gan', measure: () => node('fit-ours.mjs', ...args), ms: [] },
        ...(python
          ? [{ model, batch, threads, who: 'torch', measure: () => python('torch_fit.py', ...args), ms: [] }]
          : []),
      ];
    }),
  );
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      progress(`round ${round + 1}/${rounds}: ${row.who}, ${row.model}, threads ${row.threads}`);
      row.ms.push(median(row.measure()));
    }
  }
  progress('');
  return rows.map(({ model, batch, threads, who, ms }) => {
    const others = rows.find((row) => row.who === 'torch' && row.model === model && row.threads === threads);
    const stepMs = median(ms);
    return {
      who,
      device: 'cpu',
      model,
      batch,
      threads,
      stepMs: round(stepMs, 3),
      ...(who === 'cuda-gan' && others && { timesAsFast: round(median(ratios(others.ms, ms)), 2) }),
    };
  });
}

/** Round by round, so that what else the machine does falls on both. */
function ratios(theirs, ours) {
  return theirs.map((value, i) => value / ours[i]);
}
