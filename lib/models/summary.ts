// Keras' table of a model.
import { InputLayer } from '../layers/input.js';
import type { Layer } from '../layers/layer.js';
import { formatBatches } from './format-batch.js';
import type { Model } from './model.js';
import { sourceOf } from './topology.js';

const headings = ['Layer (type)', 'Output Shape', 'Param #'];

/** The columns that hold numbers, which end where their column ends. */
const numbers = [2];

export function summarize(model: Model): string {
  const connected = !isStack(model);
  const rows = model.layers.flatMap((layer) => {
    const shapes = layer.built ? formatBatches(layer.outputShapes) : '?';
    const cells = [`${model.nameOf(layer)} (${layer.className})`, shapes, paramsOf(layer)];
    if (!connected) return [cells];
    const [first = '-', ...others] = sourcesOf(layer, model);
    return [[...cells, first], ...others.map((source) => ['', '', '', source])];
  });
  const columns = connected ? [...headings, 'Connected to'] : headings;
  const widths = columns.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (numbers.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const rule = (mark: string) => mark.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  const trainable = count(model.trainableWeights.map(({ size }) => size));
  const total = count(sizeOfWeights(model));
  return [
    `Model: "${model.name}"`,
    rule('─'),
    line(columns),
    rule('═'),
    ...rows.map(line),
    rule('─'),
    `Total params: ${total.toLocaleString('en')}`,
    `Trainable params: ${trainable.toLocaleString('en')}`,
    `Non-trainable params: ${(total - trainable).toLocaleString('en')}`,
  ].join('\n');
}

/** Whether every layer takes what the one before makes, so that there is nothing to say about connections. */
function isStack({ layers }: Model): boolean {
  return !layers.some((layer) => layer instanceof InputLayer);
}

/** What a layer takes in all its places. */
function sourcesOf(layer: Layer, model: Model): string[] {
  const places = model.topology.nodes.filter((node) => node.layer === layer);
  return places.flatMap(({ inputs }) => inputs.map((value) => sourceName(value, model)));
}

/** As Keras writes it: `dense[1][0]` is output 0 of place 1 of the layer `dense`. */
function sourceName(value: number, model: Model): string {
  const { inputs, nodes } = model.topology;
  const source = sourceOf(model.topology, value);
  if (source === undefined) return `${model.nameOf(inputs[value]!.layer!)}[0][0]`;
  const { layer, outputs } = source;
  const place = nodes.filter((node) => node.layer === layer).indexOf(source);
  return `${model.nameOf(layer)}[${place}][${outputs.indexOf(value)}]`;
}

function paramsOf(layer: Layer): string {
  return layer.built ? count(sizeOfWeights(layer)).toLocaleString('en') : '0 (unbuilt)';
}

function sizeOfWeights(layer: Layer): number[] {
  return layer.weights.map(({ size }) => size);
}

function count(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
