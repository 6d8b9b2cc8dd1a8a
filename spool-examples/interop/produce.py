#!/usr/bin/env python3
"""Hands in what stands on standard input as a job, and prints the job's id. E1 to E5 are the steps of docs/protocol.md.

Exit code 0: it is on disk, whole. 75: it is in, but may not survive a power loss. Another: it is not in.
"""
import argparse
import os
import re
import sys
import time

from contents import crc32c, encode
from entries import Spool
from presence import host


def attribute(text):
    name, equals, value = text.partition("=")
    if not equals or not re.fullmatch("[!-9;-~]{1,200}", name) or name.lower().startswith("spool-"):
        raise argparse.ArgumentTypeError(f"no NAME=VALUE: {text!a}")
    return name, value


def arguments():
    parser = argparse.ArgumentParser(description="Hands in what stands on standard input as a job.")
    parser.add_argument("spool")
    parser.add_argument("-p", dest="priority", type=int, choices=range(10), default=4, help="9 first; 4 if not given")
    parser.add_argument("-a", dest="attributes", type=attribute, action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args()
    if len({name.lower() for name, _ in given.attributes}) < len(given.attributes):
        parser.error("names are one if they differ in case only")
    if sum(len(name) + len(os.fsencode(value)) + 3 for name, value in given.attributes) > 64 << 10:
        parser.error("more than 64 KiB of attributes")
    return given


def write(fd, header, payload):
    """The rest of E1; returns how many bytes it wrote, and their checksum."""
    size, crc, chunk = 0, 0, header or payload.read(1 << 16)
    while chunk:
        size, crc = size + len(chunk), crc32c(chunk, crc)
        while chunk:
            chunk = chunk[os.write(fd, chunk):]
        chunk = payload.read(1 << 16)
    return size, crc


def can_force(spool, directory):
    """A member of a drop box may not open the directories."""
    return not spool.is_dropbox or os.access(spool.path(directory), os.R_OK)


def produce(spool, payload, attributes, priority):
    seconds, micros = divmod(time.time_ns() // 1000, 1_000_000)
    job = b"%010d.M%06dP%dQ1R%s.%s" % (seconds, micros, os.getpid(), os.urandom(8).hex().encode(), host(32))
    header, draft = encode(attributes), spool.path(b"tmp", job)
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # E1
    try:
        size, crc = write(fd, header, payload)
        if spool.is_dropbox:
            os.fchmod(fd, 0o640)
        os.fsync(fd)  # E2. If it fails it is never asked again: the kernel may say yes although the data is gone
        if can_force(spool, b"tmp"):
            spool.force(b"tmp")  # E3
        name = b"%s,S=%d,C=%08x" % (job, size, crc)
        name += (b",H=%d" % len(header) if header else b"") + (b",P=%d" % priority if priority != 4 else b"")
        os.rename(draft, spool.path(b"new", name))  # E4: visible, whole
    except BaseException:
        os.unlink(draft)
        raise
    try:
        spool.force(b"new") if can_force(spool, b"new") else os.fsync(fd)  # E5: only now it is handed in
    except OSError as e:
        print(f"{job.decode()} is in, but may not survive a power loss: {e}", file=sys.stderr)
        sys.exit(os.EX_TEMPFAIL)
    return job


if __name__ == "__main__":
    given = arguments()
    print(produce(Spool(given.spool), sys.stdin.buffer, dict(given.attributes), given.priority).decode())
