"""R0 to R4 of docs/protocol.md: the claims of dead workers come back, and what is due becomes ready.

Any number of recoverers may be at work, in any language: each step names an exact file, and who is late finds nothing.
"""
import os
import stat
import time

from entries import Entry
from presence import hides_processes, machine, process_start


class Recovery:
    """What one worker process does for all. The lease is that of who states none, in seconds."""

    def __init__(self, spool, lease):
        self.spool, self.lease = spool, int(lease * 1e9)
        self.machine = machine()
        self.seen = {}  # worker: the mtime of its presence, and since when it has this one, by our monotonic clock

    def names(self, directory):
        return [name for name in os.listdir(self.spool.path(directory)) if not name.startswith(b".")]

    def declare_gone(self):
        """R1; says whether there was any."""
        gone = [worker for worker in self.names(b"workers") if self.is_gone(worker)]
        return any([self.do(os.unlink, b"workers", worker) for worker in gone])  # R0

    def declare_silent(self, own_beat):
        """R2, after a beat of our own, which had this mtime."""
        workers = self.names(b"workers")
        self.seen = {worker: seen for worker, seen in self.seen.items() if worker in workers}
        for worker in workers:
            if self.is_silent(worker, own_beat):
                self.do(os.unlink, b"workers", worker)  # R0: it will notice, if it lives after all (C4)

    def is_gone(self, worker):
        """Proof: it said this boot and pid namespace, is ours, and its process is no more. Unsure is not proof."""
        said, status = self.presence(worker)
        if not (said and status.st_uid == os.geteuid() and said.get("start")
                and all(said.get(key) == value for key, value in self.machine.items())):
            return False
        start = process_start(int(said["pid"]))
        return start != said["start"] and (start is not None or not hides_processes())

    def is_silent(self, worker, own_beat):
        """For its lease, by our monotonic clock since we first saw this beat, and by the clock of the file system."""
        said, status = self.presence(worker)
        if status is None:
            return False
        lease = int(said["lease"]) * 1_000_000 if said else self.lease
        beat, now = status.st_mtime_ns, time.monotonic_ns()
        if self.seen.get(worker, (None, 0))[0] != beat:
            self.seen[worker] = beat, now
        return now - self.seen[worker][1] > lease and not own_beat - lease <= beat <= own_beat

    def presence(self, worker):
        """What it says, None if that is not understood; and its status, None if it is no presence."""
        path = self.spool.path(b"workers", worker)
        try:
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode):
                return None, None
            with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), encoding="latin-1") as file:
                first, *lines = file.read(4096).split("\n")
        except FileNotFoundError:
            return None, None  # RACE: it has just left, or was declared dead
        except OSError:
            return None, status  # whose silence alone will tell
        said = dict(line.partition("=")[::2] for line in lines)
        return said if first == "spool worker 1" and said.get("pid", "").isdecimal() \
            and said.get("lease", "").isdecimal() else None, status

    def bring_back(self, own_beat):
        """R0 for the claims of who is not there; R3 for what was moved to cur/ without a claim, a lease ago."""
        there = {}
        for name in self.names(b"cur"):
            entry = Entry(name, self.spool.separator)
            if entry.worker is None:
                stays = self.is_fresh(name, own_beat)
            else:
                if entry.worker not in there:  # made before its first claim, and never again: gone is gone for ever
                    there[entry.worker] = self.presence(entry.worker)[1]
                stays = there[entry.worker] is not None
            if not stays:
                self.do(os.rename, b"cur", name, b"new", entry.moved())

    def is_fresh(self, name, own_beat):
        try:
            status = os.lstat(self.spool.path(b"cur", name))
        except FileNotFoundError:
            return True  # RACE: it is gone already
        return not stat.S_ISREG(status.st_mode) or status.st_ctime_ns + self.lease >= own_beat

    def promote(self):
        """R4: what is due."""
        for name in self.names(b"delayed"):
            entry = Entry(name, self.spool.separator)
            if (entry.due or 0) <= time.time_ns() // 1_000_000:
                self.do(os.rename, b"delayed", name, b"new", entry.moved())

    def do(self, step, *names):
        """Says whether it was this call that did it. RACE: the worker itself, or another recoverer, may be faster."""
        try:
            self.spool.with_reserve(step, *(self.spool.path(*pair) for pair in zip(names[::2], names[1::2])))
            return True
        except FileNotFoundError:
            return False
