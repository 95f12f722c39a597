#!/usr/bin/env bash
# The long form of the crash tests (docs/reliability.md): 200 kills of the published server under concurrent load, 100 under
# promotions and triggers, and 100 each of the runner, the server and the steps of a pipeline.
set -euo pipefail
cd "$(dirname "$0")/.."
export CAIRN_BIN=$PWD/dist/cairn CAIRN_KILLS=${CAIRN_KILLS:-200} CAIRN_PROMOTION_KILLS=${CAIRN_PROMOTION_KILLS:-100} CAIRN_PIPELINE_KILLS=${CAIRN_PIPELINE_KILLS:-100}
dotnet run --project tests/Cairn.EndToEnd.Tests -c Release -- --filter-class '*CrashTests' --diagnostic-output-directory TestResults --show-live-output on --timeout 60m
