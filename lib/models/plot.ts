// A picture of a model's structure, as SVG: a box for every place of a layer, inputs on top.
import { instanceOf } from '../checks.js';
import { requireEnding, svg } from '../formats/endings.js';
import { writeFileAtomic } from '../formats/files.js';
import { formatBatches } from './format-batch.js';
import { type Edge, type Layout, layOut, type Point, type Size } from './layout.js';
import { Model } from './model.js';
import { sourceOf, type Topology, type TopologyNode } from './topology.js';

/** What is in a box: its name, then what is said of it. */
interface Label {
  readonly kind: 'input' | 'layer' | 'model';
  readonly lines: readonly string[];
}

const fills: Readonly<Record<Label['kind'], string>> = { input: '#e3f0fb', layer: '#ffffff', model: '#f0e9fa' };

/** In pixels: a monospaced font is 0.6 of its size wide. */
const fontSize = 13;
const lineHeight = 18;
const padding = 12;

/**
 * Draws the structure of a model as an SVG file: a box for every place of a layer, with name, class and shapes.
 * @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written; an earlier file is then left as it was.
 * `CUDA_GAN_STATE` before the model is built, `CUDA_GAN_VALUE` for what is no model, and for a path that ends as other formats do.
 */
export async function plotModel(model: Model, path: string): Promise<void> {
  instanceOf('model', model, Model, 'models');
  requireEnding(path, svg);
  await writeFileAtomic(path, drawModel(model));
}

/** The text of the SVG file. */
export function drawModel(model: Model): string {
  const { topology } = model;
  const labels = [...inputLabels(model), ...topology.nodes.map((node) => nodeLabel(node, model))];
  const layout = layOut(labels.map(sizeOf), edgesOf(topology));
  return draw(model.name, labels, layout);
}

function inputLabels({ inputPorts }: Model): Label[] {
  return inputPorts.map(({ name, shape, dtype }) => ({
    kind: 'input',
    lines: [name, dtype === 'float32' ? 'input' : `input of ${dtype}`, formatBatches([shape])],
  }));
}

function nodeLabel({ layer, inputShapes, outputShapes, training }: TopologyNode, model: Model): Label {
  const shared = model.topology.nodes.filter((node) => node.layer === layer).length > 1;
  const remarks = [...(shared ? ['shared'] : []), ...(training === undefined ? [] : [`training: ${training}`])];
  return {
    kind: layer instanceof Model ? 'model' : 'layer',
    lines: [
      model.nameOf(layer),
      remarks.length === 0 ? layer.className : `${layer.className} (${remarks.join(', ')})`,
      `${formatBatches(inputShapes)} → ${formatBatches(outputShapes)}`,
    ],
  };
}

/** Boxes are numbered as labels are: the inputs, then the nodes. */
function edgesOf(topology: Topology): Edge[] {
  const { inputs, nodes } = topology;
  const boxOf = (value: number) => {
    const source = sourceOf(topology, value);
    return source === undefined ? value : inputs.length + nodes.indexOf(source);
  };
  return nodes.flatMap(({ inputs: values }, i) =>
    values.map((value) => ({ from: boxOf(value), to: inputs.length + i })),
  );
}

function sizeOf({ lines }: Label): Size {
  const longest = Math.max(...lines.map((line) => [...line].length));
  return { width: Math.ceil(0.6 * fontSize * longest) + 2 * padding, height: lines.length * lineHeight + 2 * padding };
}

function draw(title: string, labels: readonly Label[], { width, height, boxes, lines }: Layout): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="${fontSize}">`,
    `  <title>${escaped(title)}</title>`,
    '  <defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>',
    '  <rect width="100%" height="100%" fill="#fff"/>',
    ...lines.map((line) => `  <path d="${curve(line)}" fill="none" stroke="#555" marker-end="url(#head)"/>`),
    ...boxes.flatMap(({ x, y, ...size }, i) => drawBox(labels[i]!, { x, y }, size)),
    '</svg>',
    '',
  ].join('\n');
}

function drawBox({ kind, lines }: Label, { x, y }: Point, { width, height }: Size): string[] {
  const frame = `x="${round(x - width / 2)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
  return [
    `  <rect ${frame} rx="6" fill="${fills[kind]}" stroke="#555"/>`,
    ...lines.map((line, i) => {
      const baseline = y + padding + (i + 0.72) * lineHeight;
      const weight = i === 0 ? ' font-weight="bold"' : '';
      return `  <text x="${round(x)}" y="${round(baseline)}" text-anchor="middle"${weight}>${escaped(line)}</text>`;
    }),
  ];
}

/** Through all points, upright at each. */
function curve([first, ...others]: readonly Point[]): string {
  let { x, y } = first!;
  let path = `M${round(x)} ${round(y)}`;
  for (const next of others) {
    const middle = (y + next.y) / 2;
    path += `C${round(x)} ${round(middle)} ${round(next.x)} ${round(middle)} ${round(next.x)} ${round(next.y)}`;
    ({ x, y } = next);
  }
  return path;
}

const round = (x: number) => Math.round(x * 10) / 10;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
