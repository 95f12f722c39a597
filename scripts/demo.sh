#!/usr/bin/env bash
# The whole cycle on real data: start a server, train on two years of weather, let a third year arrive, train again, and
# let the better model carry `prod`. Everything it makes lies in .demo/. "demo.sh stop" stops the server it leaves running.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$PWD/.demo
pidfile=$work/server.pid

stop_server() {
  [ -f "$pidfile" ] || return 0
  local pid
  pid=$(cat "$pidfile")
  # Only if it still is our server: process numbers are used again.
  if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "cairn server --data $work/data"; then
    kill "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
  fi
  rm -f "$pidfile"
}

if [ "${1:-}" = stop ]; then
  stop_server
  echo "The demo's server is stopped. Its data is in .demo/; the next 'make demo' starts afresh."
  exit 0
fi

bold=$(tput bold 2>/dev/null || true) plain=$(tput sgr0 2>/dev/null || true)
title() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }

for tool in dotnet node; do
  command -v "$tool" >/dev/null || { echo "$tool is needed: install the .NET SDK 10 and Node 20.19 or later."; exit 1; }
done

mkdir -p "$work"
build() { # what, project …
  printf '  %s … ' "$1"
  local log=$work/build.log started=$SECONDS
  if ! dotnet build "$2" -c Release --nologo -v quiet >"$log" 2>&1; then
    echo "failed"
    tail -n 40 "$log"
    exit 1
  fi
  echo "$((SECONDS - started)) s"
}

title "Building (the first time takes a few minutes)"
stop_server
build "Cairn, with its web pages" src/Cairn.Cli
build "the six components of the pipeline" samples/seattle-weather/SeattleWeather.slnx
cairn=$(find "$PWD/src/Cairn.Cli/bin/Release" -name cairn -type f -perm -u+x | head -n 1)

title "Starting a server on an empty data folder"
rm -rf "$work/data"
port=5080
while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
export CAIRN_URL=http://127.0.0.1:$port
unset CAIRN_API_KEY CAIRN_RUN_ID CAIRN_PARENT_RUN_ID CAIRN_EXPERIMENT
nohup "$cairn" server --data "$work/data" --listen "127.0.0.1:$port" >"$work/server.log" 2>&1 </dev/null &
echo $! >"$pidfile"
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  kill -0 "$(cat "$pidfile")" 2>/dev/null || { echo "The server did not start:"; cat "$work/server.log"; exit 1; }
  sleep 0.1
done
echo "  $CAIRN_URL"

title "Cycle 1: two years of weather make the first model"
"$cairn" run samples/seattle-weather --experiment seattle-weather -P file=data/seattle-weather-2012-2013.csv

title "Cycle 2: a third year has come in"
"$cairn" run samples/seattle-weather --experiment seattle-weather -P file=data/seattle-weather-2012-2014.csv

title "Who decided what, and why"
"$cairn" artifact history model_export --experiment seattle-weather

page=$CAIRN_URL/artifacts/1/model_export
title "Look at it: $page"
echo "  every run, chart and file:  $CAIRN_URL"
echo "  stop the server:            make demo-stop"
