#!/bin/sh
# Makes sure that the system packages named as arguments are there: installs the missing ones with
# apt-get when run as root, otherwise names them with the command to run, and fails.
set -eu
missing=
for package in "$@"; do
  dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
    missing="$missing $package"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ]; then
  echo "installing system packages:$missing"
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "The tests need these system packages:$missing" >&2
  echo "Install them with:  sudo apt-get install --no-install-recommends$missing" >&2
  exit 1
fi
