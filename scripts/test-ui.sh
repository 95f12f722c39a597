#!/usr/bin/env bash
# Tests of the web pages: types, logic, and every page in a real browser against the published binary (CAIRN_BIN).
set -euo pipefail
cd "$(dirname "$0")/../ui"
export NO_COLOR=1

node scripts/build.mjs
npm run --silent check
npm test --silent

find_browser() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    [ -n "$name" ] && command -v "$name" && return
  done
  return 1
}

if ! find_browser >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing chromium"
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium fonts-dejavu-core
fi

if CHROMIUM=$(find_browser); then
  export CHROMIUM
  npm run --silent e2e
else
  echo "No Chromium is here, so the pages were not tried in a browser. Install it, or name it: CHROMIUM=/path/to/chromium."
fi
