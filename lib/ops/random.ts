// What the random ops share: counter-based generation by Philox4x32-10 (Salmon et al., Parallel Random Numbers: As Easy
// as 1, 2, 3, SC 2011). The key is (seed, stream); the counter of element i at step s is (i / 4, 0, s low, s high), and
// element i takes word i mod 4 of the block.
import { type Graph, requireGraph } from '../program/graph.js';

export type RandomAttributes = { seed: number; stream: number };

/** @throws CudaGanError `CUDA_GAN_VALUE` for what is no Graph. */
export function nextRandom(op: string, graph: Graph): RandomAttributes {
  requireGraph(op, graph);
  return { seed: graph.seed, stream: graph.nextStream() };
}
