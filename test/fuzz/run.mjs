// `npm run fuzz`: reads damaged files of every format that the package reads: each must be read, or refused by an error with a code, in
// bounded time and memory. Options: --files N (of each format, default 10000), --format NAME (default all), --seed N (default 1: the same seed
// makes the same files), --from N (default 0), --processes N (default: one a core), --keep FOLDER (where files that fail are kept, default fuzz-failures).
import { fork } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formats } from './formats.mjs';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    format: { type: 'string', multiple: true, default: Object.keys(formats) },
    from: { type: 'string', default: '0' },
    keep: { type: 'string', default: 'fuzz-failures' },
    processes: { type: 'string', default: String(availableParallelism()) },
    seed: { type: 'string', default: '1' },
  },
});
const unknown = values.format.find((name) => !(name in formats));
if (unknown !== undefined)
  throw new Error(`there is no format ${unknown}; there are ${Object.keys(formats).join(', ')}`);
/** A process that has told nothing for so long hangs. A hundred files take a second. */
const silenceMs = 300_000;
/** So many failures of a format are enough. */
const maxFailures = 20;

/** With an arena for each thread, glibc keeps freed memory in pieces: hundreds of MB after some ten thousand images, which are no file's. */
const env = { ...process.env, MALLOC_ARENA_MAX: '1' };

/** In memory where the system has a place for files there: those of a disk take longer to write than to read. */
const memory = '/dev/shm';
const scratch = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'cuda-gan-fuzz-'));
const [first, last] = [Number(values.from), Number(values.from) + Number(values.files)];
let failed = false;
try {
  for (const name of values.format) {
    const { failures, ...row } = await fuzz(name);
    console.log(JSON.stringify({ format: name, ...row }));
    for (const { number, fault } of failures) console.log(`${name} ${number}: ${fault}`);
    failed ||= failures.length > 0;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

async function fuzz(name) {
  const begun = performance.now();
  const failures = [];
  const count = Math.max(1, Number(values.processes));
  const bounds = Array.from({ length: count + 1 }, (_, i) => first + Math.floor(((last - first) * i) / count));
  const parts = await Promise.all(
    bounds.slice(1).map((to, i) => readRange(name, bounds[i], to, join(scratch, `${name}-${i}`), failures)),
  );
  const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
  const most = (key) => Math.max(...parts.map((part) => part[key]));
  return {
    files: last - first,
    read: sum('read'),
    refused: sum('refused'),
    minutes: Number(((performance.now() - begun) / 60_000).toFixed(1)),
    slowestSeconds: Number(most('seconds').toFixed(2)),
    peakMB: Math.round(most('bytes') / 2 ** 20),
    failures,
  };
}

/** Reads the files from `from` to `to`, by further processes where one ends before. */
async function readRange(name, from, to, folder, failures) {
  const total = { read: 0, refused: 0, seconds: 0, bytes: 0 };
  for (let next = from; next < to && failures.length < maxFailures; ) {
    const part = await readUntilEnd(name, next, to, folder, failures);
    for (const key of ['read', 'refused']) total[key] += part[key];
    for (const key of ['seconds', 'bytes']) total[key] = Math.max(total[key], part[key]);
    next = part.next;
  }
  return total;
}

function readUntilEnd(name, from, to, folder, failures) {
  const fail = (number, fault) => {
    failures.push({ number, fault });
    cpSync(folder, join(values.keep, `${name}-${values.seed}-${number}`), { recursive: true });
  };
  return new Promise((resolve, reject) => {
    const worker = fork(join(import.meta.dirname, 'worker.mjs'), [name, values.seed, from, to, folder].map(String), {
      env,
    });
    let state;
    let hangs = false;
    const hang = () => {
      hangs = true;
      worker.kill('SIGKILL');
    };
    let timer = setTimeout(hang, silenceMs);
    worker.on('message', ({ failure, ...told }) => {
      clearTimeout(timer);
      timer = setTimeout(hang, silenceMs);
      state = told;
      if (failure !== undefined) fail(state.next - 1, failure);
    });
    worker.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (state === undefined) reject(new Error(`the whole files of ${name} cannot be read`));
      else if (code === 0) resolve(state);
      else {
        // Which of the hundred it was, only the folder shows.
        fail(`${state.next} or soon after`, hangs ? 'hangs' : `ends the process by ${signal ?? `exit code ${code}`}`);
        resolve({ ...state, next: state.next + 100 });
      }
    });
  });
}
