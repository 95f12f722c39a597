// A door before a server, which can be shut as if the server had ended, and opened again at the same address.
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

export async function openDoor(base) {
  const { hostname, port } = new URL(base);
  const open = new Set();
  const server = createServer((visitor) => {
    const within = connect(Number(port), hostname);
    for (const [socket, other] of [[visitor, within], [within, visitor]]) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => open.delete(socket) && other.destroy());
      socket.pipe(other);
    }
  });
  const listen = (at) => new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, '127.0.0.1', () => {
      server.off('error', reject);
      resolve(at);
    });
  });
  const at = await keptPort(listen);
  return {
    base: `http://127.0.0.1:${at}`,
    open: () => listen(at),
    shut: () => new Promise((resolve) => {
      server.close(resolve);
      for (const socket of open) socket.destroy();
    }),
  };
}

/** Below those ports that the system hands out: while the door is shut, nobody else is given its port. */
async function keptPort(listen) {
  const first = firstHandedOut();
  for (let left = 100; ; left--) {
    try {
      return await listen(11_000 + Math.floor(Math.random() * (first - 11_000)));
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || left === 0) throw error;
    }
  }
}

function firstHandedOut() {
  try {
    return Math.max(12_000, Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]));
  } catch {
    return 32_768;
  }
}
