// Ways to the page: a proxy that has it below a path, and what ssh -L does.

import { createServer, request } from 'node:http';
import { connect, createServer as createListener } from 'node:net';

async function listening(server) {
  const open = new Set();
  server.on('connection', (s) => open.add(s));
  await new Promise((r) => server.listen(0, '127.0.0.1', r));
  return { port: server.address().port, close: () => (open.forEach((s) => s.destroy()), new Promise((r) => server.close(r))) };
}

const joined = (a, b) => {
  a.pipe(b).pipe(a);
  for (const s of [a, b]) {
    s.on('error', () => s.destroy());
    s.on('close', () => (a.destroy(), b.destroy()));
  }
};

/** A proxy of HTTP and websockets below /rush/, which passes on what is asked for as it is. */
export function proxy(target) {
  const pass = (req) => ({ host: '127.0.0.1', port: target, method: req.method, path: req.url, headers: req.headers });
  const server = createServer((req, res) => {
    if (!req.url.startsWith('/rush/')) return void res.writeHead(404).end('nothing of rush');
    req.pipe(request(pass(req), (got) => got.pipe(res.writeHead(got.statusCode, got.headers))));
  });
  server.on('upgrade', (req, socket, head) => {
    const there = connect(target, '127.0.0.1', () => {
      there.write(`${req.method} ${req.url} HTTP/1.1\r\n${req.rawHeaders.map((h, i) => (i % 2 ? `${h}\r\n` : `${h}: `)).join('')}\r\n`);
      there.write(head);
    });
    joined(there, socket);
  });
  return listening(server);
}

/** Passes all bytes on, as ssh -L PORT:127.0.0.1:TARGET does. */
export const forwarder = (target) => listening(createListener((socket) => joined(connect(target, '127.0.0.1'), socket)));
