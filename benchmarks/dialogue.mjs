// A process that is asked line by line, so that several can take turns at short intervals.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts a program that answers each line of JSON with one. What it writes to its error output is shown. */
export function startDialogue(command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${command} ${args.join(' ')} ended without an answer`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}
