# What is done on a host of a target. The line before this one says what: set -- VERB BASE ARGS.
# A POSIX shell, GNU coreutils and flock (util-linux) are all that this needs.
# The folders are described in the docstring of sitegen/publish/__init__.py.
set -eu
umask 022
LC_ALL=C; export LC_ALL
IFS='
'
verb=$1; base=$2; shift 2
case $base in /*) ;; *) echo "the folder must be absolute: $base" >&2; exit 2 ;; esac

target() { readlink "$base/$1" 2>/dev/null | sed -n 's,^releases/,,p'; }

# Point the link $1 to releases/$2 in one go; without $2, take it away.
point() {
  if [ "$2" = - ]; then rm -f "$base/$1"; return; fi
  [ -d "$base/releases/$2" ] || { echo "no such release: $2" >&2; exit 2; }
  rm -f "$base/.$1-new"
  ln -s "releases/$2" "$base/.$1-new"
  mv -fT "$base/.$1-new" "$base/$1"
}

# Remove the folder releases/$1, which may be read-only. What is being removed is no release.
discard() {
  gone=$1
  case $1 in
    .partial-*) ;;
    *) gone=.partial-gone-$1; mv -T "$base/releases/$1" "$base/releases/$gone" ;;
  esac
  find "$base/releases/$gone" -type d ! -perm -u+wx -exec chmod u+rwx {} +
  rm -rf "$base/releases/$gone"
}

case $verb in

look)  # What stands there: current, latest, and the first line of each release's manifest.
  [ -d "$base/releases" ] || exit 0
  printf 'current %s\nlatest %s\n' "$(target current)" "$(target latest)"
  for folder in "$base"/releases/[0-9]*T*-*; do
    [ -f "$folder/manifest.json" ] || continue
    printf 'release %s ' "${folder##*/}"
    head -n 1 "$folder/manifest.json"
  done
  ;;

lock)  # WAIT OWNER: hold the lock as long as a byte comes in every few seconds.
  mkdir -p "$base/releases" "$base/shared/assets"
  exec 9>>"$base/lock"
  if ! flock -w "$1" 9; then
    printf 'busy '; head -n 1 "$base/lock"; exit 75
  fi
  printf '%s\n' "$2" >"$base/lock"
  echo locked
  while [ -n "$(timeout 30 head -c 1 9>&-)" ]; do :; done
  ;;

clean)  # [RELEASE…]: remove what publishers left that were stopped, and these releases.
  for name in "$@"; do
    [ ! -d "$base/releases/$name" ] || discard "$name"
  done
  for folder in "$base"/releases/.partial-*; do
    [ ! -d "$folder" ] || discard "${folder##*/}"
  done
  rm -f "$base/.current-new" "$base/.latest-new"
  for asset in $(cd "$base/shared/assets" && find . -type f | sort); do
    needed=
    for folder in "$base"/releases/[0-9]*T*-*; do
      [ ! -f "$folder/assets/$asset" ] || { needed=yes; break; }
    done
    [ -n "$needed" ] || rm -f "$base/shared/assets/$asset"
  done
  find "$base/shared/assets" -mindepth 1 -depth -type d -empty -delete
  ;;

begin)  # RELEASE LATEST: make room, with the chain of manifests up to the latest release.
  own=.well-known/sitegen/manifests
  new=$base/releases/.partial-$1
  mkdir -p "$new/$own"
  if [ "$2" != - ] && [ -d "$base/releases/$2/$own" ]; then
    find "$base/releases/$2/$own" -type f -exec ln -f -t "$new/$own" {} + ||
      find "$base/releases/$2/$own" -type f -exec cp -fp -t "$new/$own" {} +
  fi
  ;;

check)  # RELEASE: compare what arrived with the sums on the standard input; tell what differs.
  cd "$base/releases/.partial-$1"
  sha256sum --check --quiet --strict - 2>&1 | head -n 20
  ;;

arrive)  # RELEASE: all of it is there. Share its assets, and let it be a release.
  new=$base/releases/.partial-$1
  if [ -d "$new/assets" ]; then
    for asset in $(cd "$new/assets" && find . -type f | sort); do
      shared=$base/shared/assets/$asset
      if ! cmp -s "$new/assets/$asset" "$shared"; then
        mkdir -p "${shared%/*}"
        rm -f "$shared.new"
        ln "$new/assets/$asset" "$shared.new" || cp -p "$new/assets/$asset" "$shared.new"
        mv -fT "$shared.new" "$shared"
      fi
    done
  fi
  find "$new" -type d -exec chmod 555 {} +
  sync -f "$new"
  mv -T "$new" "$base/releases/$1"
  ;;

switch)  # RELEASE EXPECTED: let the link current point to a release, if it points where expected.
  now=$(target current)
  [ "${now:--}" = "$2" ] || { echo "current is ${now:--}, not $2" >&2; exit 76; }
  point current "$1"
  ;;

settle)  # ACT RELEASE COMMIT TIME: a release was published (or rolled back to): remember it.
  [ "$1" != publish ] || point latest "$2"
  printf '%s\t%s\t%s\t%s\n' "$4" "$1" "$2" "$3" >>"$base/log"
  ;;

read)  # RELEASE FILE: the file, if there is one.
  [ ! -f "$base/releases/$1/$2" ] || cat "$base/releases/$1/$2"
  ;;

*)
  echo "unknown: $verb" >&2
  exit 2
  ;;
esac
