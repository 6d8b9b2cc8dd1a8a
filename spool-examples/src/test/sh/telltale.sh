#!/bin/sh
# Checks a job of the tests: a line with its name and the SHA-256 of the rest. It is rejected if it is torn; and the first
# attempt of one whose name ends in 7 fails on purpose.
IFS=' ' read -r name sum
if [ "$(sha256sum | cut -d' ' -f1)" != "$sum" ] || [ "$name" != "${SPOOL_ATTR_NAME-}" ]; then
  echo "torn: $name, ${SPOOL_ATTR_NAME-}" >&2
  exit 65
fi
case $name in *7) [ "$SPOOL_ATTEMPT" -gt 1 ] || { echo "this one never works at first" >&2 && exit 1; } ;; esac
