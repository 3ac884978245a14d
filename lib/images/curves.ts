// The curves of a training as a picture. Of a GAN: losses above, the discriminator's accuracy below, and what else is measured.
// Of `fit`: each figure with the same of validation.
import { CudaGanError } from '../errors.js';
import { validationName } from '../models/objective.js';
import { Canvas, type Color, textHeight, textWidth } from './canvas.js';
import { savePng } from './png.js';

export interface Curves {
  readonly dLoss: ArrayLike<number>;
  readonly gLoss: ArrayLike<number>;
  readonly dAccuracy: ArrayLike<number>;
  /**
   * By name. Those of `BalanceFigures` and `GeneratorFigures` are drawn below the others, in a panel for each kind; NaN where
   * there is none.
   */
  readonly figures?: ReadonlyMap<string, ArrayLike<number>>;
}

/** The history of a `fit`: one figure per epoch. */
export interface FitCurves {
  readonly history: Readonly<Record<string, readonly number[]>>;
}

interface Series {
  readonly label: string;
  readonly values: ArrayLike<number>;
  readonly color: Color;
}

interface Axis {
  /** Values at the edges, multiples of `tick`. */
  readonly min: number;
  readonly max: number;
  readonly tick: number;
  readonly format: (value: number) => string;
}

interface Panel {
  readonly height: number;
  readonly axis: Axis;
  readonly series: readonly Series[];
}

const width = 960;
const left = 90;
const plotWidth = width - left - 30;
const lineWidth = 2;
/** Rows above each panel, which have its legend, and below the last, which have the steps. */
const rowsAbove = { first: 50, others: 60 };
const rowsBelow = 80;

const blue: Color = [31, 119, 180];
const orange: Color = [230, 120, 20];
const green: Color = [44, 140, 60];
const ink: Color = [60, 60, 60];
const gridColor: Color = [225, 225, 225];

const percent = (value: number) => `${Math.round(100 * value)}%`;
const shares: Axis = { min: 0, max: 1, tick: 0.25, format: percent };

/** What is measured now and then: figures by name, and what their panels call them. */
const measured: readonly (readonly (readonly [figure: string, label: string, color: Color])[])[] = [
  [
    ['dReal', 'D(x)', blue],
    ['dFake', 'D(G(z))', orange],
    ['dHeldOut', 'D(held out)', green],
  ],
  [
    ['dGradientNorm', 'D gradient', blue],
    ['gGradientNorm', 'G gradient', orange],
  ],
  [['diversity', 'diversity', green]],
  [['frechetDistance', 'Fréchet distance', blue]],
  [
    ['precision', 'precision', blue],
    ['recall', 'recall', orange],
  ],
  [['classifierScore', 'classifier score', green]],
];

/** @throws CudaGanError `CUDA_GAN_DATA` when there is no step, `CUDA_GAN_FILE` when the file cannot be written. */
export async function saveCurves(path: string, curves: Curves | FitCurves): Promise<void> {
  await savePng(path, 'history' in curves ? drawFitCurves(curves) : drawCurves(curves));
}

/** A panel for each figure, with that of validation. */
export function drawFitCurves({ history }: FitCurves): Canvas {
  const figures = Object.entries(history).filter(([name]) => !(isOfValidation(name) && trainingName(name) in history));
  const epochs = Math.max(0, ...figures.map(([, values]) => values.length));
  if (epochs === 0) throw new CudaGanError('CUDA_GAN_DATA', 'there are no epochs to draw curves of');
  const panels = figures.map(([name, values], i) => {
    const validation = history[validationName(name)];
    const series = [
      { label: name, values: held(values), color: blue },
      ...(validation === undefined ? [] : [{ label: validationName(name), values: held(validation), color: orange }]),
    ];
    return { height: i === 0 ? 330 : 200, axis: axisFor(series), series };
  });
  return drawPanels(panels, epochs, 'epoch');
}

const isOfValidation = (name: string) => /^val[A-Z]/.test(name);
const trainingName = (name: string) => `${name[3]!.toLowerCase()}${name.slice(4)}`;

/** Each series as the band of its values and their running mean, a point per column of pixels. */
export function drawCurves({ dLoss, gLoss, dAccuracy, figures = new Map() }: Curves): Canvas {
  const steps = dLoss.length;
  if (steps === 0) throw new CudaGanError('CUDA_GAN_DATA', 'there are no steps to draw curves of');
  const losses: readonly Series[] = [
    { label: 'D loss', values: dLoss, color: blue },
    { label: 'G loss', values: gLoss, color: orange },
  ];
  const panels: readonly Panel[] = [
    { height: 330, axis: axisFor(losses), series: losses },
    { height: 200, axis: shares, series: [{ label: 'D accuracy', values: dAccuracy, color: green }] },
    ...measuredPanels(figures),
  ];
  return drawPanels(panels, steps, 'step');
}

/** One below the other, over so many steps or epochs. */
function drawPanels(panels: readonly Panel[], count: number, unit: string): Canvas {
  const { tops, bottom } = placesOf(panels);
  const canvas = new Canvas(width, bottom + rowsBelow);
  panels.forEach((panel, i) => {
    drawPanel(canvas, panel, tops[i]!);
  });
  drawSteps(canvas, count, bottom, unit);
  return canvas;
}

function measuredPanels(figures: ReadonlyMap<string, ArrayLike<number>>): Panel[] {
  return measured.flatMap((names) => {
    const series = names.flatMap(([figure, label, color]) => {
      const values = figures.get(figure);
      return values === undefined ? [] : [{ label, values: held(values), color }];
    });
    return series.length === 0 ? [] : [{ height: 160, axis: axisFor(series), series }];
  });
}

/** One below the other. */
function placesOf(panels: readonly Panel[]): { readonly tops: readonly number[]; readonly bottom: number } {
  const tops: number[] = [];
  let bottom = 0;
  for (const { height } of panels) {
    const top = bottom + (bottom === 0 ? rowsAbove.first : rowsAbove.others);
    tops.push(top);
    bottom = top + height;
  }
  return { tops, bottom };
}

/** From 0, or below where there are negative values, up to the largest that is a number. */
function axisFor(series: readonly Series[]): Axis {
  const columns = series.flatMap(({ values }) => columnsOf(values));
  const highest = Math.max(0, ...columns.map(({ max }) => max).filter(Number.isFinite));
  const lowest = Math.min(0, ...columns.map(({ min }) => min).filter(Number.isFinite));
  const tick = niceTick((highest - lowest) / 4) || 1;
  const max = Math.ceil(highest / tick) * tick;
  const min = Math.floor(lowest / tick) * tick;
  return { min, max: max > min ? max : 1, tick, format: (value) => String(Number(value.toPrecision(6))) };
}

function drawPanel(canvas: Canvas, { height, axis, series }: Panel, top: number): void {
  const { min, max, tick, format } = axis;
  const yOf = (value: number) => top + height * (1 - (value - min) / (max - min));
  for (let i = Math.round(min / tick); i * tick <= max + 0.0001 * (max - min); i++) {
    const y = Math.round(yOf(i * tick));
    canvas.fill(left, plotWidth, y, y + 1, i === 0 ? ink : gridColor);
    const label = format(i * tick);
    canvas.text(label, left - 10 - textWidth(label), y - textHeight() / 2, ink);
  }
  let x = left;
  for (const { label, values, color } of series) {
    canvas.fill(x, 24, top - 27, top - 23, color);
    x += 34 + canvas.text(label, x + 32, top - 32, ink) + 24;
    drawSeries(canvas, columnsOf(values), color, yOf);
  }
}

function drawSeries(canvas: Canvas, columns: readonly Column[], color: Color, yOf: (value: number) => number): void {
  const means = smooth(columns.map(({ mean }) => mean));
  columns.forEach(({ min, max }, i) => {
    if (Number.isFinite(min + max)) canvas.fill(left + i, 1, yOf(max), yOf(min), color, 0.2);
  });
  means.forEach((mean, i) => {
    // Before the first measurement there is nothing to draw.
    if (!Number.isFinite(mean)) return;
    const [y, next] = [yOf(mean), yOf(means[i + 1] ?? mean)];
    canvas.fill(left + i, 1, Math.min(y, next) - lineWidth / 2, Math.max(y, next) + lineWidth / 2, color);
  });
}

function drawSteps(canvas: Canvas, steps: number, bottom: number, unit: string): void {
  const tick = Math.max(1, niceTick(steps / 6));
  for (let step = 0; step <= steps; step += tick) {
    const x = left + Math.round((step / steps) * plotWidth);
    const label = step >= 10000 ? `${step / 1000}k` : String(step);
    canvas.fill(x, 1, bottom, bottom + 6, ink);
    canvas.text(label, x - Math.round(textWidth(label) / 2), bottom + 12, ink);
  }
  canvas.text(unit, left + Math.round((plotWidth - textWidth(unit)) / 2), bottom + 40, ink);
}

interface Column {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** The values that fall on each column of pixels; of few values, what lies on the lines between them. */
function columnsOf(values: ArrayLike<number>): Column[] {
  if (values.length < plotWidth) return Array.from({ length: plotWidth }, (_, x) => columnBetween(values, x));
  return Array.from({ length: plotWidth }, (_, x) => {
    const begin = Math.floor((x * values.length) / plotWidth);
    const end = Math.max(begin + 1, Math.floor(((x + 1) * values.length) / plotWidth));
    let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (let i = begin; i < end; i++) {
      min = Math.min(min, values[i]!);
      max = Math.max(max, values[i]!);
      sum += values[i]!;
    }
    return { min, max, mean: sum / (end - begin) };
  });
}

function columnBetween(values: ArrayLike<number>, x: number): Column {
  const last = values.length - 1;
  const position = Math.min(Math.max(((x + 0.5) * values.length) / plotWidth - 0.5, 0), last);
  const left = Math.min(Math.floor(position), Math.max(last - 1, 0));
  const right = Math.min(left + 1, last);
  const mean = values[left]! + (position - left) * (values[right]! - values[left]!);
  return { min: mean, max: mean, mean };
}

/** In the place of each NaN the number before it, where there is one. */
function held(values: ArrayLike<number>): ArrayLike<number> {
  const numbers = Float32Array.from(values);
  let last = Number.NaN;
  return numbers.map((value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}

/** Mean over a window of about a hundredth of the width on either side. */
function smooth(values: readonly number[]): number[] {
  const reach = Math.round(plotWidth / 100);
  return values.map((_, i) => {
    if (Number.isNaN(values[i])) return Number.NaN;
    const window = values.slice(Math.max(0, i - reach), i + reach + 1).filter((value) => !Number.isNaN(value));
    return window.reduce((sum, value) => sum + value, 0) / window.length;
  });
}

/** The smallest of 1, 2, 5, 10, … (also below 1) that is at least `value`. */
function niceTick(value: number): number {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= value * 0.9999)!;
}
