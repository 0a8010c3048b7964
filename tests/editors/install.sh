#!/usr/bin/env bash
# Unpacks Neovim 0.10, Emacs 30 and Helix 25 from Debian 13 into a folder of our own, where the system's own
# package tool is apt: nothing is installed into the system, no root is needed, no package's script is run.
# What is unpacked is started through its own loader, so that an older system's libraries do not matter.
#   tests/editors/install.sh [FOLDER]     (FOLDER is .cache/editors by default; ends with 77 where it can't be had)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(realpath -m "${1:-$here/../../.cache/editors}")
tree=$root/trixie
[ -e "$tree/.complete" ] && exit 0

unavailable() { echo "newer editors can't be had: $1" >&2; exit 77; }
for tool in apt-get dpkg-deb flock; do command -v "$tool" >/dev/null || unavailable "there is no $tool"; done
[ "$(dpkg --print-architecture)" = amd64 ] || unavailable "only amd64 is known to work"

mkdir -p "$root"
exec 9>"$root/.lock"
flock 9
[ -e "$tree/.complete" ] && exit 0

work=$(mktemp -d "$root/apt.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{state/lists/partial,cache/archives/partial,etc/apt.conf.d,etc/preferences.d,etc/sources.list.d,tree}
: >"$work/status"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keyring" ] || unavailable "there is no $keyring"
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
echo "deb [signed-by=$keyring] $mirror trixie main" >"$work/etc/sources.list"
# The machine's own proxy settings are kept; its sources and what it has installed are not looked at.
apt() {
  apt-get -qq -o Dir::State="$work/state" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" \
    -o Dir::Etc::sourcelist="$work/etc/sources.list" -o Dir::Etc::sourceparts="$work/etc/sources.list.d" \
    -o Dir::Etc::preferencesparts="$work/etc/preferences.d" -o APT::Architecture=amd64 -o APT::Architectures=amd64 \
    -o Acquire::Languages=none -o Acquire::Retries=2 -o Debug::NoLocking=1 \
    -o APT::Update::Post-Invoke::= -o DPkg::Post-Invoke::= -o APT::Sandbox::User="$(id -un)" "$@"
}
apt update >"$work/log" 2>&1 || unavailable "$(tail -n 1 "$work/log")"
apt --no-install-recommends --download-only --yes install neovim emacs-nox hx >"$work/log" 2>&1 ||
  unavailable "$(tail -n 1 "$work/log")"
for package in "$work"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink --no-same-owner -C "$work/tree"
done
touch "$work/tree/.complete"
rm -rf "$tree"
mv "$work/tree" "$tree"
