// A Redis of the tests' own.

import { execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A port of this machine that nobody listens at. */
export const freePort = () =>
  new Promise((resolve) => {
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const { port } = listener.address();
      listener.close(() => resolve(port));
    });
  });

/** Starts a Redis that keeps what it has in a directory, so that it can be stopped and started again. */
export async function redis(dir) {
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  let child;
  const start = async () => {
    child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'], { stdio: 'ignore' });
    for (let i = 0; i < 200; i++) {
      const said = await execute('redis-cli', ['-p', String(port), 'ping']).catch(() => ({ stdout: '' }));
      if (said.stdout.includes('PONG')) return;
      await new Promise((r) => setTimeout(r, 100));
    }
    throw new Error('redis-server does not answer; it has to be in PATH, with redis-cli');
  };
  // What was written is with the system by now: a killed Redis loses none of it.
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return { url: `redis://127.0.0.1:${port}/0`, start, stop };
}
