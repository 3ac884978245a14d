// The known name that a wrong one was probably meant to be.

/** Names that Keras, its earlier versions, TensorFlow.js and PyTorch use for what has another name here. */
const aliases: Readonly<Record<string, string>> = {
  bias: 'useBias',
  inputdim: 'inputShape',
  iterations: 'steps',
  learningrate: 'generatorOptimizer', // where there is no learningRate: a GAN's optimizers have it
  lr: 'learningRate',
  nbepoch: 'epochs',
  outputdim: 'units',
  p: 'rate',
  sigma: 'stddev',
  std: 'stddev',
};

/**
 * The one of `known` that is nearest to `name`: but for capitals and underscores (`learning_rate` for `learningRate`),
 * by another library's word, or by the fewest slips of the pen from any of these, up to two fifths of its length. Else
 * undefined.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name);
  const alias = Object.hasOwn(aliases, wanted) ? aliases[wanted]! : undefined;
  if (alias !== undefined && known.includes(alias)) return alias;
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  const words = Object.entries(aliases).filter(([, candidate]) => known.includes(candidate));
  for (const [word, candidate] of [...known.map((own) => [own, own] as const), ...words]) {
    const other = plain(word);
    const distance = editDistance(wanted, other);
    if (distance < least && distance <= 0.4 * Math.max(wanted.length, other.length)) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

function plain(name: string): string {
  return name.slice(0, 64).replaceAll(/[_-]/g, '').toLowerCase();
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that make `b` of `a` (Damerau 1964; the restricted form,
 * in which nothing is edited twice).
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
