// Work on many items at once, whose results come in the order of the items.

/** The results of `job`, which must not fail, with at most `limit` of them under way. */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  limit: number,
  job: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for (const item of items) {
    underWay.push(job(item));
    if (underWay.length >= limit) yield await underWay.shift()!;
  }
  for (const result of underWay) yield await result;
}
