// Pictures of models: well-formed SVG, boxes that do not touch, lines between the right ones.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { input, layers, mlpGenerator, model, plotModel, Sequential } from '../../lib/index';
import { type Edge, layOut, type Size } from '../../lib/models/layout';
import { drawModel } from '../../lib/models/plot';
import { RandomStream } from '../../lib/random/random-stream';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';

const folder = scratchFolder();

function residual() {
  const x = input({ shape: [4], name: 'x <&> "y"' });
  const dense = layers.dense({ units: 4, name: 'twice' });
  const inner = new Sequential({ name: 'inner', layers: [layers.dense({ units: 4 })] });
  const around = layers.add().apply([x, dense.apply(dense.apply(x))]);
  return model({ inputs: x, outputs: inner.apply(around, { training: false }), name: 'net' });
}

describe('a picture', () => {
  const svg = drawModel(residual());

  test('has a box for each place, with name, class and shapes', () => {
    const texts = [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(texts).toEqual([
      'x &lt;&amp;&gt; "y"',
      'input',
      '(None, 4)',
      'twice',
      'Dense (shared)',
      '(None, 4) → (None, 4)',
      'twice',
      'Dense (shared)',
      '(None, 4) → (None, 4)',
      'add',
      'Add',
      '(None, 4), (None, 4) → (None, 4)',
      'inner',
      'Sequential (training: false)',
      '(None, 4) → (None, 4)',
    ]);
    // The background, and five boxes; five lines and the head of an arrow.
    expect(svg.match(/<rect /g)).toHaveLength(6);
    expect(svg.match(/<path /g)).toHaveLength(6);
  });

  test('is well-formed: what is opened is closed, and no number is missing', () => {
    const open: string[] = [];
    for (const [, slash, name, self] of svg.matchAll(/<(\/?)(\w+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (slash) expect(open.pop()).toBe(name);
      else if (!self) open.push(name!);
    }
    expect(open).toEqual([]);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('of a stack is a column', () => {
    const centres = [...drawModel(mlpGenerator()).matchAll(/<text x="([\d.]+)"/g)].map(([, x]) => x);
    expect(new Set(centres).size).toBe(1);
  });
});

describe('the layout', () => {
  /** Random graphs without a cycle. */
  const graphs = Array.from({ length: 40 }, (_, seed) => {
    const random = new RandomStream(seed, 0);
    const below = (n: number) => Math.floor(random.uniform() * n);
    const count = 2 + below(14);
    const sizes: Size[] = Array.from({ length: count }, () => ({ width: 40 + below(200), height: 60 }));
    const edges: Edge[] = sizes.flatMap((_, to) =>
      to === 0 ? [] : Array.from({ length: 1 + below(2) }, () => ({ from: below(to), to })),
    );
    return [seed, sizes, edges] as const;
  });

  test.each(graphs)('of graph %d: no boxes touch, lines lead down, all is within', (_, sizes, edges) => {
    const { boxes, lines, width, height } = layOut(sizes, edges);
    for (const [i, a] of boxes.entries()) {
      expect(a.x - a.width / 2).toBeGreaterThanOrEqual(0);
      expect(a.x + a.width / 2).toBeLessThanOrEqual(width);
      expect(a.y + a.height).toBeLessThanOrEqual(height);
      for (const b of boxes.slice(i + 1)) {
        const apart = Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= a.height;
        expect(apart).toBe(true);
      }
    }
    for (const [i, line] of lines.entries()) {
      const { from, to } = edges[i]!;
      expect(line[0]).toEqual({ x: boxes[from]!.x, y: boxes[from]!.y + boxes[from]!.height });
      expect(line.at(-1)).toEqual({ x: boxes[to]!.x, y: boxes[to]!.y });
      line.slice(1).forEach(({ y }, j) => {
        expect(y).toBeGreaterThan(line[j]!.y);
      });
      // Where a line passes a row it keeps clear of the boxes there.
      for (const { x, y } of line.slice(1, -1)) {
        for (const box of boxes) {
          const inside = Math.abs(box.x - x) < box.width / 2 && y >= box.y && y <= box.y + box.height;
          expect(inside).toBe(false);
        }
      }
    }
  });
});

test('plotModel writes the picture whole or not at all', async () => {
  const path = join(folder, 'net.svg');
  await plotModel(residual(), path);
  expect(readFileSync(path, 'utf8')).toBe(drawModel(residual()));
  await expect(plotModel(residual(), join(path, 'below.svg'))).rejects.toThrow(error('CUDA_GAN_FILE', 'cannot write'));
  expect(readdirSync(folder)).toEqual(['net.svg']);
  await expect(plotModel(3 as never, path)).rejects.toThrow(error('CUDA_GAN_VALUE', 'model is 3; allowed are models'));
  const unbuilt = new Sequential({ layers: [layers.dense({ units: 1 })] });
  await expect(plotModel(unbuilt, path)).rejects.toThrow(error('CUDA_GAN_STATE', 'has no shapes yet'));
  await expect(plotModel(new Sequential({ name: 'none' }), path)).rejects.toThrow(
    error('CUDA_GAN_STATE', 'model "none" has no layers yet'),
  );
});
