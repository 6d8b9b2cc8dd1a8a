#!/usr/bin/env python3
"""Runs a command for each job of a spool, beside any number of other workers.

The payload is its standard input; SPOOL_ID, SPOOL_ATTEMPT and SPOOL_ATTR_<NAME> stand in its environment. A command
that exits with 0 has done the job, with 65 rejected it; another has failed, and the job is offered again after a while.
The reason is the end of its standard error. Each step is a line on standard output. Labels are those of
docs/protocol.md.
"""
import argparse
import os
import random
import signal
import sys
import time

from background import Background
from claims import Claims, Damaged
from command import Command
from entries import Spool
from presence import Presence
from settlement import Settlement


class Worker:
    """Claims, runs the command, settles by how it ended."""

    def __init__(self, spool, given):
        self.spool, self.given, self.stopping = spool, given, False
        self.command = Command(given.command, self.is_wanted)
        self.presence = Presence(spool, given.lease, on_death=self.command.kill)
        self.claims, self.settlement = Claims(spool, self.presence), Settlement(spool)

    def stop(self, *_):
        self.stopping = True
        self.command.kill()

    def is_wanted(self, held):
        return not self.stopping and self.presence.id == held.worker

    def work(self):
        self.presence.join()  # C0
        Background(self.spool, self.presence, self.given.lease, self.given.poll).start()
        while not self.stopping:
            self.presence.join()
            entry = self.claims.candidate(self.given.poll)
            held = self.claims.take(entry) if entry else None
            if held:
                self.hold(held, entry.attempts is not None)
            elif not entry and self.given.drain:
                break
            elif not entry:
                time.sleep(self.given.poll)
        self.presence.leave()

    def hold(self, held, has_history):
        print("claimed", held.id.decode(), held.attempts, flush=True)
        try:
            how = self.settle(held, has_history)
        except FileNotFoundError:
            os.stat(self.spool.path(b"cur"))  # or is it that which is gone?
            how = "lost"
            self.presence.beat()  # C4 at once
        print(how, held.id.decode(), held.attempts, flush=True)

    def settle(self, held, has_history):
        """Does the job; returns how its claim ended."""
        try:
            if held.attempts > self.given.attempts:  # so that a job which kills its worker does not do so for ever
                raise Damaged(f"worker lost {held.attempts - 1} times, failed attempts included; "
                              f"the limit is {self.given.attempts}")
            attributes, key, file = self.claims.verify(held)
        except Damaged as e:
            self.settlement.reject(held, str(e))
            return "rejected"
        except FileNotFoundError:
            raise
        except OSError as e:
            self.settlement.retry(held, 60, f"cannot be read: {e.strerror}")
            return "retried"
        with file:
            code, reason = self.command.run(file, held, attributes)
        if self.presence.id != held.worker:
            return "lost"
        if code == 0:
            print("completing", held.id.decode(), held.attempts, flush=True)
            self.settlement.complete(held, key, has_history)
            return "completed"
        if self.stopping:
            self.settlement.release(held)
            return "released"
        if code == os.EX_DATAERR or held.attempts >= self.given.attempts:
            self.settlement.reject(held, reason)
            return "rejected"
        longest = min(3600, self.given.backoff * 2 ** min(held.attempts - 1, 30))
        self.settlement.retry(held, random.uniform(0, longest), reason)
        return "retried"


def arguments():
    parser = argparse.ArgumentParser(description="Runs a command for each job of a spool.")
    parser.add_argument("--drain", action="store_true", help="end when nothing is ready")
    parser.add_argument("--lease", type=float, default=60, help="seconds until who gives no sign of life is dead")
    parser.add_argument("--poll", type=float, default=1, help="seconds between two looks")
    parser.add_argument("--attempts", type=int, default=8, help="after the last one a job is a dead letter")
    parser.add_argument("--backoff", type=float, default=1, help="seconds at most after the first failure, then twice")
    parser.add_argument("spool")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args()


if __name__ == "__main__":
    given = arguments()
    spool = Spool(given.spool)
    if spool.is_dropbox:  # C3a: what others drop must be copied before it is checked
        print(f"{given.spool} is a drop box, for which this worker is not made: spool work is", file=sys.stderr)
        sys.exit(os.EX_CONFIG)
    worker = Worker(spool, given)
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.work()
