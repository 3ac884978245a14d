// The table at the end, and the ratios in it.
import { round } from '../benchmarks/figures.mjs';
import { limitMs } from '../benchmarks/limit.mjs';
import { workOf } from '../benchmarks/nets.mjs';

/** Each row of cuda-gan on a GPU with how many times as long PyTorch takes, and how many times as long as the limit it takes. */
export function withRatios(rows, limit) {
  const find = (who, row) =>
    rows.find(
      (other) =>
        other.who === who && ['preset', 'batch', 'precision', 'device'].every((key) => other[key] === row[key]),
    );
  return rows.map((row) => {
    if (!row.who.startsWith('cuda-gan')) return row;
    const ratios = {};
    for (const [key, who] of [
      ['timesFasterThanEager', 'torch eager'],
      ['timesFasterThanCompiled', 'torch compiled'],
      ['timesFasterThanGraph', 'torch graph'],
    ]) {
      const peer = find(who, row);
      if (peer !== undefined) ratios[key] = round(peer.stepUs / row.stepUs, 2);
    }
    if (limit !== undefined && row.device === 'cuda' && row.precision === 'float32') {
      ratios.timesLimit = round(row.stepUs / 1000 / limitMs(row.batch, limit, workOf(row.preset)), 2);
    }
    return { ...row, ...ratios };
  });
}

export function printTable({ machine, stages, results }) {
  console.log(`\n${machine.gpu ?? 'no GPU'}, driver ${machine.driver ?? 'none'}, ${machine.cpu}, ${machine.date}`);
  if (results.length > 0) {
    const header = [
      'who',
      'device',
      'net',
      'batch',
      'precision',
      'µs/step',
      '× eager',
      '× compiled',
      '× graph',
      '× limit',
    ];
    const lines = results.map((row) => [
      ...[row.who, row.device, row.preset, row.batch, row.precision, row.stepUs.toFixed(1)],
      ...[row.timesFasterThanEager, row.timesFasterThanCompiled, row.timesFasterThanGraph, row.timesLimit],
    ]);
    console.log(formatted([header, ...lines]));
    console.log('× eager, compiled, graph: times as fast as PyTorch; × limit: times as long as the limit of the GPU');
  }
  for (const [name, { status, note }] of Object.entries(stages)) console.log(`${name.padEnd(10)} ${status}: ${note}`);
}

/** Columns as wide as their widest cell. */
function formatted(lines) {
  const cells = lines.map((line) => line.map((cell) => String(cell ?? '')));
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const padded = (line) => line.map((cell, column) => cell.padEnd(widths[column]));
  return cells.map((line) => padded(line).join('  ').trimEnd()).join('\n');
}
