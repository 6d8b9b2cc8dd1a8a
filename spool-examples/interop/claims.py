"""C1 to C3 and D1 to D4 of docs/protocol.md: how a worker gets jobs, and what becomes of them.

A step that finds its file gone raises FileNotFoundError: the claim is lost, and nothing else is touched.
"""
import contextlib
import hashlib
import os
import stat
import time

from contents import crc32c, decode, failure
from entries import Entry, escaped


class Damaged(Exception):
    """An entry is not what its producer wrote."""


class Claims:
    """The claims of one worker process."""

    def __init__(self, spool, presence):
        self.spool, self.presence = spool, presence
        self.window, self.listed, self.shunned = [], 0.0, {}

    def candidate(self, poll):
        """C1: the best of a listing that is not older than a poll; None if there is none."""
        if not self.window or time.monotonic() - self.listed > poll:
            self.listed = time.monotonic()
            self.shunned = {name: until for name, until in self.shunned.items() if until > self.listed}
            with os.scandir(self.spool.path(b"new")) as files:
                named = [(Entry(file.name, self.spool.separator), file) for file in files
                         if not file.name.startswith(b".") and file.name not in self.shunned]
            ready = [entry for entry, file in named if not entry.is_foreign or file.is_file(follow_symlinks=False)]
            self.window = sorted(ready, key=lambda entry: entry.order, reverse=True)
        return self.window.pop() if self.window else None

    def take(self, entry):
        """C2: the entry as it is named now; None if another worker was faster."""
        claim = self.presence.new_claim()
        attempts = min((entry.attempts or 0) + 1, 999_999)
        name = entry.moved(attempts, claimed=time.time_ns() // 1_000_000, claim=claim)
        try:
            self.spool.with_reserve(os.rename, self.spool.path(b"new", entry.name), self.spool.path(b"cur", name))
        except FileNotFoundError:
            if not os.path.lexists(self.spool.path(b"cur", name)):  # or else a network file system lost the reply
                os.stat(self.spool.path(b"cur"))  # is it that which is gone?
                return None
        except OSError as e:
            self.shunned[entry.name] = time.monotonic() + 60
            print(f"cannot claim {escaped(entry.name).decode()}: {e.strerror}", flush=True)
            return None
        return Entry(name, self.spool.separator)

    def verify(self, held):
        """C3: the attributes, the dedup key (or None), and the open file, at the beginning of the payload."""
        path = self.spool.path(b"cur", held.name)
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode):
            raise Damaged("not a regular file")
        if held.size not in (None, status.st_size):
            raise Damaged(f"size is {status.st_size}, S= says {held.size}")
        try:
            file = open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb", buffering=0)
        except PermissionError:
            raise Damaged("cannot be read: permission denied") from None
        try:
            return *self.check(held, file), file
        except BaseException:
            file.close()
            raise

    def check(self, held, file):
        crc = 0
        while held.checksum is not None and (chunk := file.read(1 << 16)):
            crc = crc32c(chunk, crc)
        if held.checksum not in (None, crc):
            raise Damaged(f"CRC32C is {crc:08x}, C= says {held.checksum:08x}")
        header = os.pread(file.fileno(), held.header, 0)
        file.seek(held.header)
        if len(header) < held.header:
            raise Damaged(f"shorter than its header, H={held.header}")
        try:
            return decode(header) if held.header else ({}, None)
        except ValueError as e:
            raise Damaged(str(e)) from None

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
