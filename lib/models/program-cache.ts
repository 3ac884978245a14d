// Compiled programs of a model, kept for the next call of the same kind.

/** What a cache keeps. */
export interface CachedProgram {
  /** Memory that it holds. */
  readonly bytes: number;
  /** Whether it can be run again; else it is compiled anew. */
  readonly current: boolean;
  dispose(): void;
}

const maxPrograms = 8;
const maxBytes = 2 ** 26;

/** Keeps the programs that were used last: at most eight, and 64 MiB but for the latest. */
export class ProgramCache<Program extends CachedProgram> {
  /** Least recently used first. */
  readonly #programs = new Map<string, Program>();

  /** The program of that key, made by `compile` if there is none. */
  get(key: string, compile: () => Program): Program {
    let program = this.#programs.get(key);
    this.#programs.delete(key);
    if (program !== undefined && !program.current) {
      program.dispose();
      program = undefined;
    }
    program ??= compile();
    this.#programs.set(key, program);
    this.#evict();
    return program;
  }

  clear(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }

  #evict(): void {
    let bytes = 0;
    for (const program of this.#programs.values()) bytes += program.bytes;
    for (const [key, program] of this.#programs) {
      const fits = this.#programs.size <= maxPrograms && bytes <= maxBytes;
      if (fits || this.#programs.size === 1) return;
      bytes -= program.bytes;
      program.dispose();
      this.#programs.delete(key);
    }
  }
}
