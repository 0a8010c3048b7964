#!/usr/bin/env bash
# Real VS Code for the tests: code-server and playwright-core from npm, Chromium from Debian or Ubuntu.
# Installs once into DJANGO_UPLIFT_EDITOR (default: .cache/vscode of the repository): 4 minutes, 620 MB.
# Ends with 77, and says why, where that can't be had.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=${DJANGO_UPLIFT_EDITOR:-$here/../../../.cache/vscode}
code_server=4.139.1 node=24.21.0 playwright=1.65.1

skip() {
  printf '\n!!! SKIPPED: the tests in real VS Code did not run: %s\n\n' "$1" >&2
  exit 77
}

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$chromium" ]; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || skip "there is no Chromium, and no right to install it"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } \
    >/dev/null 2>&1 || skip "Chromium could not be installed"
fi
[ -e "$root/done-$code_server" ] && exit 0

command -v npm >/dev/null || skip "there is no npm"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    g++ make python3 pkg-config libkrb5-dev libsecret-1-dev libx11-dev libxkbfile-dev; } >/dev/null 2>&1 ||
    skip "what code-server is compiled with could not be installed"
fi
mkdir -p "$root"/{n24,cs,e2e} || skip "$root can't be written"
root=$(cd "$root" && pwd)
package() { # FOLDER PACKAGE
  (cd "$root/$1" && { [ -e package.json ] || echo '{"private": true}' >package.json; } &&
    npm install --no-audit --no-fund --foreground-scripts "$2") >"$root/$1.log" 2>&1 ||
    { tail -n 5 "$root/$1.log" >&2; skip "$2 could not be installed from npm"; }
}
# code-server wants this very major version of Node.js; the package holds the headers that it is compiled with.
package n24 "node@$node"
package e2e "playwright-core@$playwright"
header=$(find "$root/n24/node_modules" -path '*/include/node/node.h' | head -n 1)
home=${header%/include/node/node.h}
PATH=$home/bin:$PATH npm_config_nodedir=$home package cs "code-server@$code_server"
touch "$root/done-$code_server"
