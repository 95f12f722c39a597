import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// CAIRN_URL names the server that `npm run dev` and `npm run preview` talk to; without it, the stand-in (`npm run mock`).
const api = process.env['CAIRN_URL'] ?? 'http://127.0.0.1:5178';
// The server takes writes from its own pages only, so it must see the host that the browser sees.
const onward = { target: api, changeOrigin: false };
const proxy = { '/api': onward, '/health': onward, '/files': onward, '/graphql': onward };

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The server's policy is default-src 'self': nothing may be inlined as a data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Two files that every page needs (and that change seldom, and often), instead of two dozen crumbs.
        codeSplitting: {
          groups: [
            { name: 'vendor', test: /node_modules\/(react|react-dom|scheduler|@tanstack\/(react-router|router-core|react-query|query-core|react-store|store|history))\// },
            { name: 'shared', test: /src\/(api|design|format|shell|search|artifacts\/(TypeIcon|AliasChips|artifacts\.module))/ },
          ],
        },
      },
    },
  },
  server: { host: '127.0.0.1', port: 5177, strictPort: true, proxy },
  preview: {
    host: '127.0.0.1',
    port: 5179,
    strictPort: true,
    proxy,
    // As strict as the server's own policy, so that a breach shows while developing.
    headers: { 'Content-Security-Policy': "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'" },
  },
});
