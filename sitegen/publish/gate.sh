#!/bin/sh
# The forced command of a key that may publish to one folder of this host, and do nothing else:
#     restrict,command="/usr/local/lib/sitegen/gate.sh /srv/xxgk" ssh-ed25519 AAAA… publisher
# in authorized_keys, with `remote.sh` of the same version of sitegen beside this file. The script that
# is sent is not run: its first line says which step is wanted, and our own copy does it.
set -euf
base=$1
here=${0%/*}
wanted=${SSH_ORIGINAL_COMMAND-}
line=${wanted%%'
'*}
name='[0-9]{8}T[0-9]{4}-[0-9a-f]{12}'

refuse() { echo "sitegen: this key may only publish to $base" >&2; exit 2; }
like() { printf '%s\n' "$1" | grep -Eqx -- "$2" || refuse; }  # $1 is wholly of the form $2

like "$line" '[A-Za-z0-9 @%+=:,./_-]+'
case $line in
'set -- '*)
  [ "$line" != "$wanted" ] || refuse
  # shellcheck disable=SC2086
  set -- ${line#set -- }
  [ "$#" -ge 2 ] && [ "$2" = "$base" ] || refuse
  verb=$1; shift 2
  case $verb in
  look) like "$*" '' ;;
  lock) like "$*" '[0-9]{1,5} [^ ]+' ;;
  clean) like "$*" "($name( $name)*)?" ;;
  begin) like "$*" "$name ($name|-)" ;;
  check | arrive) like "$*" "$name" ;;
  switch) like "$*" "($name|-) ($name|-)" ;;
  settle) like "$*" "(publish|rollback) $name [^ ]+ [^ ]+" ;;
  read) like "$*" "$name (manifest\.json(\.sig)?|site\.json|\.well-known/sitegen/allowed_signers)" ;;
  *) refuse ;;
  esac
  exec sh "$here/remote.sh" "$verb" "$base" "$@"
  ;;
'rsync --server '*)
  [ "$line" = "$wanted" ] || refuse
  there=$(printf '%s' "$base" | sed 's/\./\\./g')
  case $line in
  *' --sender '*)
    like "$line" "rsync --server --sender -[A-Za-z]+(\.[A-Za-z]+)?( --timeout=[0-9]+)? \. $there/releases/$name/\.well-known/sitegen/manifests/"
    # shellcheck disable=SC2086
    exec $line
    ;;
  esac
  like "$line" "rsync --server -[A-Za-z]+(\.[A-Za-z]+)?( --timeout=[0-9]+)?( --link-dest \.\./$name)* \. $there/releases/\.partial-$name/"
  # shellcheck disable=SC2086
  set -- ${line#rsync --server }
  # A release holds no links. One that is sent all the same leads nowhere.
  exec rsync --server --munge-links "$@"
  ;;
*) refuse ;;
esac
