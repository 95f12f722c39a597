#!/usr/bin/env bash
# Builds the native executable at dist/cairn. Native compilation needs a C linker and zlib's headers.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v gcc >/dev/null && ! command -v clang >/dev/null; then
  echo "Installing a linker for native compilation"
  bash scripts/install.sh gcc libc6-dev zlib1g-dev
fi

dotnet publish src/Cairn.Cli -c Release -o dist --nologo -v quiet
rm -f dist/*.dbg dist/*.pdb dist/*.xml dist/*.json
ls -l dist | awk 'NR > 1 { printf "  dist/%s  %.1f MB\n", $9, $5 / 1e6 }'
