// Files that are written while training goes on.

/** Writes of one kind, one after the other. A failure is thrown by what is called next. */
export class BackgroundWrite {
  #running: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Starts `write` when the one before is done, and does not wait for its end. */
  async start(write: () => Promise<void>): Promise<void> {
    await this.done();
    this.#running = write()
      .catch((error: unknown) => {
        this.#failure = { error };
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Waits for the write under way. */
  async done(): Promise<void> {
    await this.#running;
    this.check();
  }

  /** Throws what a write has failed with, and waits for none. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
