#!/bin/sh
# Runs the component in whose folder it is called: `sh ../../component.sh --trees 100`.
# `dotnet run` would do the same, but asks MSBuild first, which takes longer than the work. So this looks at the clock
# of the sources itself and builds, all components at once, only where one is newer than the last build.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=$(basename "$PWD")
built=bin/Release/.built
newer() {
  find . ../shared "$here/Directory.Build.props" "$here/../../Directory.Packages.props" "$here/../../src/Cairn.Client" \
    \( -name bin -o -name obj \) -prune -o -type f -newer "$built" ! -name MLproject ! -name '*.md' -print | head -n 1
}
if [ ! -f "$built" ] || [ -n "$(newer)" ]; then
  echo "building the components ..." >&2
  # No build servers: they would outlive the run and keep its output open.
  dotnet build "$here/SeattleWeather.slnx" --configuration Release --disable-build-servers --nologo --verbosity quiet >&2
fi
exec dotnet "bin/Release/$name.dll" "$@"
