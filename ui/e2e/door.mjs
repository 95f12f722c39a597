// A door before a server, which can be shut as if the server had ended, and opened again at the same address.
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
  const listen = (at) => new Promise((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const at = server.address().port;
  return {
    base: `http://127.0.0.1:${at}`,
    open: () => listen(at),
    shut: () => new Promise((resolve) => {
      server.close(resolve);
      for (const socket of open) socket.destroy();
    }),
  };
}
