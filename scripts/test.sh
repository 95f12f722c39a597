#!/usr/bin/env bash
# Builds everything and runs every test: the rooms' own, the end-to-end ones against the published binary, and those of
# the web pages in a real browser. Installs what they need. The last line counts: "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
results=$root/TestResults
rm -rf "$results" && mkdir -p "$results"

passed=0 failed=0 skipped=0
failures=()
broken=$results/broken.txt
: >"$broken"

count() { # file, summary word
  grep -oE "^ *$2: [0-9]+" "$1" | grep -oE '[0-9]+' | tail -n 1
}

run_dotnet_tests() { # project folder
  local name log
  name=$(basename "$1")
  log=$results/$name.log
  echo "── $name"
  dotnet run --project "$1" -c Release --no-build -- --no-ansi --timeout 45m >"$log" 2>&1
  local code=$?
  local good bad left
  good=$(count "$log" succeeded) bad=$(count "$log" failed) left=$(count "$log" skipped)
  passed=$((passed + ${good:-0})) failed=$((failed + ${bad:-0})) skipped=$((skipped + ${left:-0}))
  if [ "$code" -ne 0 ]; then
    [ "${bad:-0}" -gt 0 ] || failed=$((failed + 1))
    failures+=("$name")
    grep -vE '^\s*$' "$log" | tail -n 60
    # Which tests, and the first two lines of what each says: printed last, where an excerpt of a long log still shows it.
    grep -A2 -E '^failed ' "$log" | grep -v '^--$' | cut -c1-300 >>"$broken"
  else
    echo "   ${good:-0} passed, ${left:-0} skipped"
  fi
}

step() { # title, command …
  echo "── $1"
  shift
  "$@" || { echo "FAILED: $*"; echo "$passed passed, $((failed + 1)) failed, $skipped skipped"; exit 1; }
}

# A cluster of one machine for the tests of `--backend slurm`; where it cannot be installed they are skipped.
if ! command -v slurmctld >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "── Installing Slurm"
  bash scripts/install.sh slurm-wlm munge >"$results/slurm-install.log" 2>&1 || echo "   it cannot be installed; its tests are skipped"
fi

# The same for containers: podman, and busybox to make an image of.
if ! command -v podman >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "── Installing podman"
  bash scripts/install.sh podman runc busybox-static >"$results/podman-install.log" 2>&1 || echo "   it cannot be installed; its tests are skipped"
fi

# In this order: publishing takes the program that the command line's tests drive out of the build's folder.
step "Publishing the native binary" bash scripts/publish.sh
step "Building" dotnet build Cairn.slnx -c Release --nologo -v quiet
export CAIRN_BIN=$root/dist/cairn
# The end-to-end test of the sample leaves its store here; the tests of the web pages go on with it.
export CAIRN_SAMPLE_STORE=$results/sample-store
# Recorded sessions of real clients are too large for the repository: where a copy lies beside it, they are replayed.
sessions=$root/../shared/wire/wandb-sessions
[ ! -d "$sessions" ] || export CAIRN_WANDB_SESSIONS=${CAIRN_WANDB_SESSIONS:-$sessions}

for project in tests/*.Tests; do
  run_dotnet_tests "$project"
done

if [ -f scripts/test-ui.sh ]; then
  echo "── Web pages"
  bash scripts/test-ui.sh >"$results/ui.log" 2>&1
  code=$?
  good=$(grep -oE '(# pass|Tests +[0-9]+ passed|ℹ pass) ?[0-9]*' "$results/ui.log" | grep -oE '[0-9]+' | awk '{ s += $1 } END { print s + 0 }')
  passed=$((passed + good))
  if [ "$code" -ne 0 ]; then
    failed=$((failed + 1))
    failures+=("web pages")
    tail -n 60 "$results/ui.log"
    sed -n '/failing tests:/,$p' "$results/ui.log" | grep -A2 -E '^✖ ' | grep -vE '^--$|failing tests:' | cut -c1-300 >>"$broken"
  else
    echo "   $good passed"
  fi
fi

echo
cat "$broken"
[ "$failed" -eq 0 ] || echo "Failed: ${failures[*]} (logs in TestResults/)"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
