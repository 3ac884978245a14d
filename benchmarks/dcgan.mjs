// The DCGANs: a training step and generating a batch, on one thread and on all cores, beside PyTorch and the limit.
import { median, round } from './figures.mjs';
import { buildLimit, generateLimitMs, limitMs, measureLimit } from './limit.mjs';
import { nets, workOf } from './nets.mjs';

/**
 * Rows of figures. `node` and `python` (undefined without PyTorch) run a script and give its JSON; every figure comes from a
 * process of its own, and they take turns over the rounds.
 */
export function measureDcgan({ teams, rounds, seconds, node, python, progress }) {
  const limit = buildLimit();
  const names = Object.keys(nets).filter((name) => nets[name].preset === 'dcgan');
  const rows = names.flatMap((preset) =>
    ['train', 'generate'].flatMap((what) =>
      teams.flatMap((threads) => {
        const { batch } = nets[preset];
        const ours =
          what === 'train'
            ? () => node('ours.mjs', batch, threads, seconds, 'cpu', 'float32', preset)
            : () => node('generate-ours.mjs', preset, batch, threads, seconds);
        const torch = () => python('torch_dcgan.py', preset, batch, threads, what, seconds);
        const row = { preset, what, batch, threads };
        return [
          { ...row, who: 'cuda-gan', measure: ours, ms: [] },
          ...(python ? [{ ...row, who: 'torch channels-last', measure: torch, ms: [] }] : []),
        ];
      }),
    ),
  );
  const work = new Map(names.map((name) => [name, workOf(name)]));
  const speeds = new Map(rows.map(({ preset, threads }) => [`${preset} ${threads}`, []]));
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      const { who, preset, what, threads } = row;
      progress(`round ${round + 1}/${rounds}: ${who}, ${preset}, ${what}, threads ${threads}`);
      speeds.get(`${preset} ${threads}`).push(measureLimit(limit, threads, work.get(preset).stateBytes));
      row.ms.push(...row.measure());
    }
  }
  progress('');
  return rows.map(({ who, preset, what, batch, threads, ms }) => {
    const measured = speeds.get(`${preset} ${threads}`);
    const speed = {
      gflops: median(measured.map(({ gflops }) => gflops)),
      copyGBs: median(measured.map(({ copyGBs }) => copyGBs)),
    };
    const least =
      what === 'train' ? limitMs(batch, speed, work.get(preset)) : generateLimitMs(batch, speed, work.get(preset));
    const time = median(ms);
    return {
      who,
      device: 'cpu',
      preset,
      what,
      batch,
      threads,
      stepMs: round(time, 2),
      timesLimit: round(time / least, 2),
    };
  });
}
