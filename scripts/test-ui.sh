#!/usr/bin/env bash
# Tests of the web pages: their logic in Node, then every page in Chromium against a server of CAIRN_BIN.
set -euo pipefail
cd "$(dirname "$0")/../ui"

export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
if [ ! -x "$CHROMIUM" ]; then
  echo "Installing Chromium"
  bash ../scripts/install.sh chromium
fi

[ -d node_modules ] || npm ci --no-audit --no-fund --fetch-retries=5
NO_COLOR=1 npm test
npm run e2e
