#!/usr/bin/env bash
# Installs Debian packages: install.sh PACKAGE…  Waits for whoever else is installing, and asks a slow mirror again.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
options=(-o Acquire::Retries=5 -o DPkg::Lock::Timeout=300)
apt-get "${options[@]}" update -q
apt-get "${options[@]}" install -qy --no-install-recommends "$@"
