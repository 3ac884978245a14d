// Keras' table of a model.
import type { Layer } from '../layers/layer.js';
import type { Shape } from '../tensor.js';
import type { Sequential } from './sequential.js';

const headings = ['Layer (type)', 'Output Shape', 'Param #'] as const;

export function summarize(model: Sequential): string {
  const rows = model.layers.map((layer) => [
    `${layer.name} (${layer.className})`,
    layer.built ? formatBatch(layer.outputShape) : '?',
    layer.built ? count(sizeOfWeights(layer)).toLocaleString('en') : '0 (unbuilt)',
  ]);
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 2 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  ');
  const rule = (mark: string) => mark.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  const trainable = count(model.trainableWeights.map(({ size }) => size));
  const total = count(sizeOfWeights(model));
  return [
    `Model: "${model.name}"`,
    rule('─'),
    line(headings),
    rule('═'),
    ...rows.map(line),
    rule('─'),
    `Total params: ${total.toLocaleString('en')}`,
    `Trainable params: ${trainable.toLocaleString('en')}`,
    `Non-trainable params: ${(total - trainable).toLocaleString('en')}`,
  ].join('\n');
}

function formatBatch(shape: Shape): string {
  return `(${['None', ...shape].join(', ')})`;
}

function sizeOfWeights(layer: Layer): number[] {
  return layer.weights.map(({ size }) => size);
}

function count(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
