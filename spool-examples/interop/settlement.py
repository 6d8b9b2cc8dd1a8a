"""D1 to D4 of docs/protocol.md: what becomes of a claim.

A step that finds its file gone raises FileNotFoundError: the claim is lost, and nothing else is touched.
"""
import contextlib
import hashlib
import os
import time

from contents import failure
from entries import Entry, escaped


class Settlement:
    """How the claims of one worker process end."""

    def __init__(self, spool):
        self.spool = spool

    def complete(self, held, key, has_history):
        """D1."""
        if self.spool.retains:
            self.move(held, b"done", held.moved())
            self.force(b"done", b"cur")
            return
        os.unlink(self.spool.path(b"cur", held.name))
        with contextlib.suppress(FileNotFoundError):
            if has_history:
                os.unlink(self.spool.path(b"errors", held.id + b".log"))
        if key is not None:
            self.give_back(hashlib.sha256(key.encode()).hexdigest().encode(), held)

    def give_back(self, home, job):
        with contextlib.suppress(OSError):  # given back already, or taken again, which is right
            for link in os.listdir(self.spool.path(b"keys", home)):
                if Entry(link, self.spool.separator).base == job.base:
                    os.unlink(self.spool.path(b"keys", home, link))
            os.rmdir(self.spool.path(b"keys", home))

    def retry(self, held, delay, reason):
        """D2, after so many seconds."""
        self.note(held, reason)
        due = time.time_ns() // 1_000_000 + int(delay * 1000)
        self.move(held, *((b"delayed", held.moved(due=due)) if delay > 0 else (b"new", held.moved())))

    def release(self, held):
        """D3: the attempt is not counted."""
        self.move(held, b"new", held.moved(held.attempts - 1))

    def reject(self, held, reason):
        """D4: a dead letter."""
        self.note(held, reason)
        self.move(held, b"failed", held.moved())
        with contextlib.suppress(FileNotFoundError):  # if nothing could be noted
            self.spool.force(b"errors", held.id + b".log")
        self.force(b"errors", b"failed", b"cur")

    def move(self, held, directory, name):
        self.spool.with_reserve(os.rename, self.spool.path(b"cur", held.name), self.spool.path(directory, name))

    def force(self, *directories):
        for directory in directories:
            self.spool.force(directory)

    def note(self, held, reason):
        """Before the move, so that nobody sees the one without the other; but not for a claim that is lost."""
        os.lstat(self.spool.path(b"cur", held.name))
        seconds, millis = divmod(time.time_ns() // 1_000_000, 1000)
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + ".%03dZ" % millis
        line = failure(at, held.attempts, held.worker.decode("latin-1"), reason)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            fd = self.spool.with_reserve(os.open, self.spool.path(b"errors", held.id + b".log"), flags, 0o600)
            with open(fd, "wb", buffering=0) as log:
                self.spool.with_reserve(log.write, line)
        except OSError as e:  # the job matters more than the note
            print(f"cannot note why {held.id.decode()} failed: {e.strerror}: {reason!a}", flush=True)
