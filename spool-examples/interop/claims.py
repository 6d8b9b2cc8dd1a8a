"""C1 to C3 of docs/protocol.md: how a worker gets jobs."""
import os
import stat
import time

from contents import crc32c, decode
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
