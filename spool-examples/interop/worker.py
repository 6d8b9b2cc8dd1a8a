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
import re
import signal
import subprocess
import threading
import time

from claims import Claims, Damaged
from entries import Spool
from presence import Presence
from recovery import Recovery


class Worker:
    """Claims, runs the command, settles by how it ended; gives signs of life and recovers in the background."""

    def __init__(self, spool, given):
        self.given, self.stopping, self.child = given, False, None
        self.presence = Presence(spool, given.lease, on_death=self.kill)
        self.claims, self.recovery = Claims(spool, self.presence), Recovery(spool, given.lease)

    def kill(self):
        child = self.child
        if child:
            child.kill()

    def stop(self, *_):
        self.stopping = True
        self.kill()

    def live(self):
        """The background."""
        due = 0
        while True:
            time.sleep(min(self.given.poll, self.given.lease / 3))
            try:
                found = self.recovery.declare_gone()  # R1
                if found or time.monotonic() >= due:
                    due = time.monotonic() + self.given.lease / 3
                    beat = self.presence.beat()  # C4
                    if beat:
                        self.recovery.declare_silent(beat)  # R2
                        self.recovery.bring_back(beat)  # R0, R3
                self.recovery.promote()  # R4
            except OSError as e:
                print(f"trouble: {e}", flush=True)

    def work(self):
        self.presence.join()  # C0
        threading.Thread(target=self.live, daemon=True).start()
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
            os.stat(self.claims.spool.path(b"cur"))  # or is it that which is gone?
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
            self.claims.reject(held, str(e))
            return "rejected"
        except FileNotFoundError:
            raise
        except OSError as e:
            self.claims.retry(held, 60, f"cannot be read: {e.strerror}")
            return "retried"
        with file:
            code, reason = self.run(file, held, attributes)
        if self.presence.id != held.worker:
            return "lost"
        if code == 0:
            print("completing", held.id.decode(), held.attempts, flush=True)
            self.claims.complete(held, key, has_history)
            return "completed"
        if self.stopping:
            self.claims.release(held)
            return "released"
        if code == os.EX_DATAERR or held.attempts >= self.given.attempts:
            self.claims.reject(held, reason)
            return "rejected"
        longest = min(3600, self.given.backoff * 2 ** min(held.attempts - 1, 30))
        self.claims.retry(held, random.uniform(0, longest), reason)
        return "retried"

    def run(self, file, held, attributes):
        """The exit code of the command, and what it said last."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SPOOL_ATTR_")}
        environment.update(SPOOL_ID=held.id.decode(), SPOOL_ATTEMPT=str(held.attempts))
        for name, value in attributes.items():
            environment["SPOOL_ATTR_" + re.sub("[^A-Z0-9]", "_", name.upper())] = value.replace("\0", "")
        try:
            self.child = subprocess.Popen(self.given.command, stdin=file, stderr=subprocess.PIPE, env=environment)
        except OSError as e:
            return os.EX_OSERR, f"{self.given.command[0]}: {e.strerror}"
        if self.stopping or self.presence.id != held.worker:
            self.kill()  # RACE: told so when there was nobody to kill yet
        said = self.child.communicate()[1].decode("utf-8", "replace").strip()
        code, self.child = self.child.returncode, None
        return code, said[-4096:] or f"exit code {code}"


def arguments():
    parser = argparse.ArgumentParser(description="Runs a command for each job of a spool.")
    parser.add_argument("--drain", action="store_true", help="end when nothing is ready")
    parser.add_argument("--lease", type=float, default=60, help="seconds until who gives no sign of life is dead")
    parser.add_argument("--poll", type=float, default=1, help="seconds between two looks")
    parser.add_argument("--attempts", type=int, default=8, help="after the last one a job is a dead letter")
    parser.add_argument("--backoff", type=float, default=1, help="seconds, at most, after the first failure; then twice")
    parser.add_argument("spool")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser.parse_args()


if __name__ == "__main__":
    given = arguments()
    worker = Worker(Spool(given.spool), given)
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.work()
