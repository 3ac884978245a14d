// Orders the work of a device: runs, reads and writes happen one after the other, as they were asked for.

export class Queue {
  #last: Promise<unknown> = Promise.resolve();

  /** Starts `job` when all earlier ones have settled; a job that fails does not hinder the next. */
  enqueue<Result>(job: () => Result | Promise<Result>): Promise<Result> {
    const result = this.#last.then(job);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
