// Runs a command within a time limit, its output in a log.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const running = new Set();

// Commands have process groups of their own, so Ctrl-C does not reach them.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => {
    running.forEach(kill);
    process.exit(code);
  });
}

/**
 * Resolves, always, to { code, timedOut, stdout, output }; `code` is undefined when the command could not be started or
 * was ended. At the limit the command ends together with the processes that it started.
 */
export function run(command, args, { seconds, log, env = {} }) {
  return new Promise((resolve) => {
    const note = (text) => log !== undefined && appendFileSync(log, text);
    note(`$ ${[command, ...args].join(' ')}\n`);
    let stdout = '';
    let output = '';
    let timedOut = false;
    const child = spawn(command, args.map(String), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const timer = setTimeout(() => {
      timedOut = true;
      kill(child);
    }, 1000 * seconds);
    const finish = (code, message) => {
      clearTimeout(timer);
      running.delete(child);
      if (message !== undefined) output += message;
      note(`${message ?? ''}\n-- ${timedOut ? `ended after ${Math.round(seconds)} s` : `exit code ${code}`}\n\n`);
      resolve({ code, timedOut, stdout, output });
    };
    const take = (chunk) => {
      output += chunk;
      note(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk;
      take(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', ({ message }) => finish(undefined, message));
    child.on('close', (code) => finish(code ?? undefined));
    running.add(child);
  });
}

/** What a command that went wrong has to say: its last line that names an error, else its last, or that it took too long. */
export function reasonOf({ timedOut, code, output }) {
  if (timedOut) return 'not finished in its time';
  const lines = output.trim().split('\n');
  const error = lines.findLast((line) => /^(\w+\.)*\w*(Error|Exception)\b/.test(line));
  return (error ?? lines.at(-1)).trim() || `exit code ${code}`;
}

/** The path of a program, from PATH and then from other folders. */
export function find(program, folders = []) {
  return [...(process.env.PATH ?? '').split(delimiter), ...folders]
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
}

function kill({ pid }) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
