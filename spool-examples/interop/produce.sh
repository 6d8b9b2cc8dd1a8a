#!/bin/sh
# Hands in standard input as a job, and prints the job's id:   produce.sh SPOOL [PRIORITY 0-9 [NAME=VALUE]...] < payload
#
# What it takes at least, with no more checks than any Maildir delivery has:
#   name=$(date +%s).$$.$(uname -n)
#   cat > "$1/tmp/$name" && sync "$1/tmp/$name"
#   mv "$1/tmp/$name" "$1/new/$name" && sync "$1/new"
#
# Needs GNU or busybox tools. E1 to E5 are the steps of docs/protocol.md. A C= checksum may be left out, as here.
set -eu
umask 077
LC_ALL=C export LC_ALL
refuse() { echo "produce.sh: $*" >&2 && exit 2; }

spool=${1:?usage: produce.sh SPOOL [PRIORITY [NAME=VALUE]...] < payload}
priority=${2:-4}
case $priority in [0-9]) ;; *) refuse "the priority is 0 to 9, 9 first: $priority" ;; esac
shift $(($# < 2 ? $# : 2))

[ -e "$spool/spool.format" ] || refuse "no spool: $spool"
IFS= read -r format < "$spool/spool.format" || :
case $format in "spool 1" | "spool 1 "*) ;; *) refuse "not a format that is known here: $format" ;; esac
mode=600
for setting in ${format#spool 1}; do
  case $setting in
    separator=* | retain=* | reserve=*) ;; # they mean nothing to a producer
    access=dropbox) mode=640 ;;
    *) refuse "not a setting that is known here: $setting" ;;
  esac
done

header=
for attribute; do
  name=${attribute%%=*} value=${attribute#*=}
  case $attribute in *=*) ;; *) refuse "no NAME=VALUE: $attribute" ;; esac
  case $name in '' | *[!!-9\;-~]* | [Ss][Pp][Oo][Oo][Ll]-*) refuse "no name of an attribute: $name" ;; esac
  case $value in *[!\ -~]* | ' '* | *' ' | *'=?'*) refuse "a value that would have to be encoded: $value" ;; esac
  [ ${#name} -le 200 ] && [ $((${#name} + ${#value})) -le 996 ] || refuse "too long: $name"
  header="$header$name: $value
"
done

time=$(date +%s.M%6N)
case $time in
  *[!0-9.M]*) time=${time%%.*}.M000000 ;; # no microseconds here: the order within a second is open
esac
random=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
host=$(uname -n | tr -c 'A-Za-z0-9.\n-' _ | cut -c1-32)
unique=${time}P$$Q1R$random.${host:-localhost}

draft=$spool/tmp/$unique
trap 'rm -f "$draft"' EXIT # gone by then, if all goes well
set -C                     # E1: never into a file that is there
{ [ -z "$header" ] || printf '%s\n' "$header"; cat; } > "$draft"
size=$(wc -c < "$draft" | tr -d ' ')
chmod $mode "$draft"
exec 3< "$draft"
sync "$draft"                              # E2
[ ! -r "$spool/tmp" ] || sync "$spool/tmp" # E3; a member of a drop box may not, and forces the file again in E5
[ -z "$header" ] || size=$size,H=$((${#header} + 1))
mv "$draft" "$spool/new/$unique,S=$size,P=$priority"                          # E4: visible, whole
if [ -r "$spool/new" ]; then sync "$spool/new"; else sync /proc/self/fd/3; fi # E5: only now it is handed in
echo "$unique"
