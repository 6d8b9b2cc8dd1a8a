#!/bin/sh
# Hands in what stands on standard input as a job, and prints the job's id:   produce.sh SPOOL [PRIORITY 0-9] < payload
#
# What it takes at least, with no more checks than any Maildir delivery has:
#   name=$(date +%s).$$.$(uname -n)
#   cat > "$1/tmp/$name" && sync "$1/tmp/$name"
#   mv "$1/tmp/$name" "$1/new/$name" && sync "$1/new"
#
# Needs GNU or busybox tools. E1 to E5 are the steps of docs/protocol.md; a C= checksum may be left out of a name, as here.
set -eu
umask 077
spool=${1:?usage: produce.sh SPOOL [PRIORITY] < payload}
priority=${2:-4}
case $priority in
  [0-9]) ;;
  *) echo "produce.sh: the priority is 0 to 9, 9 first: $priority" >&2 && exit 2 ;;
esac
[ -e "$spool/spool.format" ] || { echo "produce.sh: no spool: $spool" >&2 && exit 2; }

time=$(date +%s.M%6N)
case $time in
  *[!0-9.M]*) time=${time%%.*}.M000000 ;; # no microseconds here: the order within a second is open
esac
random=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
host=$(uname -n | tr -c 'A-Za-z0-9.\n-' _ | cut -c1-32)
unique=${time}P$$Q1R$random.$host

draft=$spool/tmp/$unique
trap 'rm -f "$draft"' EXIT # gone by then, if all goes well
set -C                     # E1: never into a file that is there
cat > "$draft"
sync "$draft" "$spool/tmp" # E2, E3
size=$(wc -c < "$draft" | tr -d ' ')
mv "$draft" "$spool/new/$unique,S=$size,P=$priority" # E4: visible, whole
sync "$spool/new"                                    # E5: only now it is handed in
echo "$unique"
