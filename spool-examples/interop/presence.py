"""C0 and C4 of docs/protocol.md: the sign of life of a worker process, and whether others still believe in it."""
import contextlib
import os
import random
import string
import threading
import time

from entries import escaped


def process_start(pid):
    """Field 22 of /proc/<pid>/stat; None if there is no such process, or only what is left of it."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            state, *rest = file.read().rpartition(b")")[2].split()
        return None if state in (b"Z", b"X") else rest[18].decode()
    except (FileNotFoundError, ProcessLookupError):
        return None


def hides_processes():
    """Whether some may be hidden from us, of our own user as well."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as mounts:
        options = [line.split()[-1] for line in mounts if line.split()[4] == "/proc"]
    shown = ("hidepid=0", "hidepid=off")
    return not options or any(one.startswith("hidepid=") and one not in shown for one in options[-1].split(","))


def machine():
    """Tells this boot of this machine, and this container, from all others."""
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as boot:
        return {"boot": boot.read().strip(), "pidns": os.readlink("/proc/self/ns/pid")}


def host(most):
    """The name of this host, escaped, in so many bytes."""
    text = b""
    for byte in os.fsencode(os.uname().nodename):
        more = escaped(bytes([byte]), b"/,\\~:;!")
        if len(text) + len(more) > most:
            break
        text += more
    return text or b"localhost"


class Presence:
    """The file workers/<id>."""

    def __init__(self, spool, lease, on_death):
        self.spool, self.lease, self.on_death = spool, lease, on_death
        self.id, self.last, self.claims, self.lock = None, 0.0, 0, threading.RLock()

    def join(self):
        """C0, at the beginning and after a death. An id is never used again."""
        with self.lock:
            if self.id is None:
                digits = "".join(random.choices(string.digits + string.ascii_lowercase, k=7))
                # Lower case: mail readers take capitals behind the colon for flags.
                name = b"%s.%d.%s" % (host(11).lower(), os.getpid(), digits.encode())
                self.spool.with_reserve(self.write, name, os.O_CREAT | os.O_EXCL)
                self.id = name

    def write(self, name, flags=0):
        said = dict(host=host(64).decode(), **machine(), pid=os.getpid(), start=process_start(os.getpid()),
                    lease=int(self.lease * 1000), beat="%013d" % (time.time_ns() // 1_000_000))
        text = "spool worker 1\n" + "".join(f"{key}={value}\n" for key, value in said.items())
        fd = os.open(self.spool.path(b"workers", name), os.O_WRONLY | os.O_NOFOLLOW | flags, 0o600)
        try:
            os.write(fd, text.encode())  # over the same bytes each time: it needs no room
        except OSError:
            if flags & os.O_EXCL:
                os.unlink(self.spool.path(b"workers", name))  # half a sign of life, in the way of the second try
            raise
        finally:
            os.close(fd)
        self.last = time.monotonic()

    def new_claim(self):
        """What no other claim ever has: the fence. A process that stood still asks first whether it is dead."""
        with self.lock:
            if self.id and time.monotonic() - self.last > self.lease * 2 / 3:
                self.beat()
            self.join()
            self.claims += 1
            return b"%s.%d" % (self.id, self.claims)

    def beat(self):
        """Returns the mtime. C4: None if the presence is gone, and with it all claims."""
        with self.lock:
            if self.id is None:
                return None
            try:
                self.write(self.id)
                return os.lstat(self.spool.path(b"workers", self.id)).st_mtime_ns
            except FileNotFoundError:
                self.id = None
                self.on_death()
                return None

    def leave(self):
        with self.lock, contextlib.suppress(FileNotFoundError):
            if self.id:
                os.unlink(self.spool.path(b"workers", self.id))
