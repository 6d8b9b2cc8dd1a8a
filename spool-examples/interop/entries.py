"""A spool, and the names of its entries, to the letter of docs/format.md.

Names are bytes. What stands in a directory is anybody's: parsing never fails, what it cannot understand is not there.
"""
import contextlib
import errno
import hashlib
import os
import re

UNIQUE = re.compile(rb"(\d{10})\.M(\d{6})P\d{1,19}Q\d{1,19}R[0-9a-f]{16}\.[!-+\--}]+")  # a host has no , and no ~
FIELD = re.compile(rb"(.)=(.+)", re.S)
LONGEST, LARGEST = 180, 2**63 - 1
SETTINGS = {"separator": "[;!]", "retain": r"0|[1-9]\d{0,18}", "reserve": r"0|[1-9]\d{0,18}", "access": "dropbox"}


class Spool:
    """Where a spool is, and what its marker says."""

    def __init__(self, root):
        self.root = os.fsencode(root)
        with open(self.path(b"spool.format"), encoding="latin-1", newline="") as marker:
            line = marker.read(4096).removesuffix("\n")
        settings = [setting.partition("=")[::2] for setting in line.split(" ")[2:]]
        if line.split(" ")[:2] != ["spool", "1"] or len(dict(settings)) < len(settings) or not all(
                re.fullmatch(SETTINGS.get(key, "(?!)"), value) for key, value in settings):
            raise ValueError(f"spool.format is not understood: {line!a}")
        self.separator = dict(settings).get("separator", ":").encode()
        self.retains = int(dict(settings).get("retain", 0)) > 0
        self.is_dropbox = "access" in dict(settings)

    def path(self, *names):
        return os.path.join(self.root, *names)

    def force(self, *names):
        """fsync of a directory, or of a file by its name."""
        fd = os.open(self.path(*names), os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def with_reserve(self, step, *arguments):
        """A worker that finds no room gives up the reserve and tries once more."""
        try:
            return step(*arguments)
        except OSError as e:
            if e.errno not in (errno.ENOSPC, errno.EDQUOT) or not os.path.lexists(self.path(b"spool.reserve")):
                raise
            with contextlib.suppress(FileNotFoundError):  # RACE: another worker has just done so
                os.unlink(self.path(b"spool.reserve"))
            return step(*arguments)


def number(text, most, otherwise=None):
    return int(text) if re.fullmatch(rb"\d{1,19}", text or b"") and int(text) <= most else otherwise


def shortened(text):
    return text[:140] + b"~" + hashlib.sha256(text).hexdigest()[:32].encode()


def escaped(text, special=b"\\/"):
    """Printable ASCII without spaces; other bytes, and the special ones, are a backslash and three octal digits."""
    return b"".join(b"%c" % b if 0x20 < b < 0x7f and b not in special else b"\\%03o" % b for b in text)


def fields(parts):
    return dict(match.groups() for match in map(FIELD.fullmatch, parts) if match)


class Entry:
    """What the name of an entry says, and the name that it has next. What it does not say is None."""

    def __init__(self, name, separator):
        self.name, self.separator = name, separator
        at = name.find(separator + b"2,", 1)  # the first one; but a base is never empty
        self.base, state = (name, b"") if at < 0 else (name[:at], name[at + 3:])
        if len(self.base) > LONGEST:
            self.base = shortened(self.base)
        first, *immutable = self.base.split(b",")
        unique = None if b"~" in self.base else UNIQUE.fullmatch(first)
        self.is_foreign = unique is None
        said = {} if self.is_foreign else fields(immutable)
        time = unique.groups() if unique else (first.partition(b".")[0] if b"." in first else b"", b"0")
        self.seconds, self.micros = number(time[0], LARGEST, 0), int(time[1])
        self.size = number(said.get(b"S"), LARGEST)
        self.checksum = int(said[b"C"], 16) if re.fullmatch(rb"[0-9a-f]{8}", said.get(b"C", b"")) else None
        self.header = number(said.get(b"H"), 1 << 20, 0)
        self.priority = number(said.get(b"P"), 9, 4)

        flags, *mutable = state.split(b",")
        self.flags = flags if re.fullmatch(rb"[A-Za-z]{0,32}", flags) else b""
        said = fields(mutable)
        self.attempts = number(said.get(b"a"), 999_999)
        self.due, self.claimed = number(said.get(b"u"), LARGEST), number(said.get(b"t"), LARGEST)
        self.worker = said.get(b"w", b"").rpartition(b".")[0] or None

        self.id = first
        if self.is_foreign:
            self.id = re.sub(rb"^\.", rb"\\056", escaped(self.base))
            self.id = self.id if len(self.id) <= LONGEST else shortened(self.id)
        self.order = (-self.priority, min(self.seconds, 2**36 - 1), self.micros, name)

    def moved(self, attempts=None, due=None, claimed=None, claim=None):
        """The name after a move: attempts stay if nothing is said of them, the rest of the state does not."""
        base, attempts = self.base, self.attempts if attempts is None else attempts
        if self.is_foreign and self.attempts is None:  # its first move: others use names again, and rename replaces
            base, attempts = base[:LONGEST - 17] + b"~" + os.urandom(8).hex().encode(), attempts or 0
        said = [(b"a", attempts), (b"u", due), (b"t", claimed)]
        state = b"".join(b",%s=%d" % pair for pair in said if pair[1] is not None) + (b",w=" + claim if claim else b"")
        flags = self.flags if len(base) + 3 + len(self.flags) + len(state) <= 255 else b""
        return base + self.separator + b"2," + flags + state if flags or state else base
