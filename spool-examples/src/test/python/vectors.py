"""The golden vectors of docs/format-vectors against the worker and the producer in Python:

    python3 vectors.py DIRECTORY_OF_THE_VECTORS DIRECTORY_OF_THE_PROGRAMS
"""
import os
import random
import re
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
VECTORS = sys.argv[1] if len(sys.argv) > 2 else "../docs/format-vectors"
sys.path.insert(0, sys.argv[2] if len(sys.argv) > 2 else "interop")

from claims import Claims, Damaged  # noqa: E402
from contents import crc32c, decode, encode, failure  # noqa: E402
from entries import Entry, Spool  # noqa: E402
from presence import Presence, machine  # noqa: E402
from recovery import Recovery  # noqa: E402
from settlement import Settlement  # noqa: E402

DIRECTORIES = "tmp new cur delayed held failed done errors workers keys".split()


def unescaped(field):
    return re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8)]), field)


def rows(name):
    with open(os.path.join(VECTORS, name), "rb") as file:
        return [line.split(b"\t") for line in file.read().split(b"\n")[1:-1]]


def pattern(field, begin=0):
    """A regular expression for what a field stands for; the times in it are groups."""
    wild = {b"random": rb"[0-9a-f]{16}", b"claim": rb"[^,/]{1,30}\.\d+", b"worker": rb'[^,/"]{1,30}', b"reason": rb"[ -~]+",
            b"time": rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", **{k.encode(): re.escape(v.encode()) for k, v in machine().items()}}
    parts = re.split(rb"<(now(?:\+\d+)?|random|claim|worker|reason|time|boot|pidns)>", unescaped(field))
    return b"".join(re.escape(part) if i % 2 == 0 else wild.get(part, rb"(\d{13})") for i, part in enumerate(parts)), \
        [int(part[4:] or 0) for part in parts[1::2] if part.startswith(b"now")]


def show(value):
    return b"-" if value is None else value if isinstance(value, bytes) else b"%d" % value


class FormatVectors(unittest.TestCase):

    def test_names(self):
        for row in rows("names.tsv"):
            with self.subTest(row[0]):
                entry = Entry(unescaped(row[0]), row[1])
                said = [entry.base, entry.id, b"foreign" if entry.is_foreign else b"ours", entry.seconds, entry.micros, entry.size,
                        None if entry.checksum is None else b"%08x" % entry.checksum, entry.header, entry.priority,
                        entry.attempts, entry.due, entry.claimed, entry.worker]
                self.assertEqual([unescaped(field) for field in row[2:15]], [show(each) for each in said])
                self.assertRegex(entry.moved(), re.compile(rb"\A" + pattern(row[15])[0] + rb"\Z", re.S))

    def test_order(self):
        expected = [unescaped(row[0]) for row in rows("order.tsv")]
        names = random.Random(42).sample(expected, len(expected))
        self.assertEqual(expected, sorted(names, key=lambda name: Entry(name, b":").order))

    def test_headers(self):
        for verdict, header, key, *attributes in rows("headers.tsv"):
            with self.subTest(header):
                if verdict == b"malformed":
                    self.assertRaises(ValueError, decode, unescaped(header))
                    continue
                pairs = dict(unescaped(pair).decode().split("=", 1) for pair in attributes)
                key = None if key == b"-" else unescaped(key).decode()[1:]
                self.assertEqual((pairs, key), decode(unescaped(header)))
                if verdict == b"written":
                    self.assertEqual(unescaped(header), encode(pairs if key is None else {"Spool-Key": key, **pairs}))

    def test_checksums(self):
        for content, checksum in rows("checksums.tsv"):
            self.assertEqual(checksum, b"%08x" % crc32c(unescaped(content)))
            self.assertEqual(checksum, b"%08x" % crc32c(unescaped(content)[5:], crc32c(unescaped(content)[:5])))

    def test_failures(self):
        for at, attempt, worker, reason, line in rows("failures.tsv"):
            said = failure(at.decode(), int(attempt), unescaped(worker).decode(), unescaped(reason).decode())
            self.assertEqual(unescaped(line) + b"\n", said)

    def test_transitions(self):
        cases = []
        for row in rows("transitions.tsv"):
            if row[0] == b"case":
                cases.append([row[1].decode()])
            elif row[0]:
                cases[-1].append(row)
        self.assertGreater(len(cases), 30)
        for title, *case in cases:
            with self.subTest(title), tempfile.TemporaryDirectory() as root:
                Transition(self, os.fsencode(root)).leads(case)


class Transition:
    """One case of transitions.tsv."""

    def __init__(self, test, root):
        self.test, self.root, self.held, self.lease = test, root, None, 60

    def leads(self, case):
        for directory in DIRECTORIES:
            os.mkdir(os.path.join(self.root, directory.encode()))
        with open(os.path.join(self.root, b"spool.format"), "wb") as marker:
            marker.write(b"spool 1\n")
        for row in case:
            if row[0] == b"before":
                self.lay(*row[1:])
        before, begin = self.files(), time.time_ns() // 1_000_000
        self.spool = Spool(self.root)
        self.presence = Presence(self.spool, 60, on_death=lambda: None)
        self.claims, self.settlement = Claims(self.spool, self.presence), Settlement(self.spool)
        for row in case:
            if row[0] == b"act":
                getattr(self, "do_" + row[1].decode())(*map(unescaped, row[2:]))
        after = {path: content for path, content in self.files().items()
                 if path in before or not path.startswith(b"workers/")}
        del after[b"spool.format"]
        self.require([row for row in case if row[0] == b"after"], after, begin, time.time_ns() // 1_000_000)

    def lay(self, path, content, mtime=b""):
        path, content = os.path.join(self.root, path), unescaped(content)
        for name, value in machine().items():
            content = content.replace(b"<%s>" % name.encode(), value.encode())
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if content.startswith(b"-> "):
            os.link(os.path.join(self.root, content[3:]), path)
            return
        with open(path, "wb") as file:
            file.write(content)
        if mtime:
            ns = time.time_ns() + int(mtime) * 1_000_000
            os.utime(path, ns=(ns, ns))

    def files(self):
        found = {}
        for directory, _, names in os.walk(self.root):
            for path in (os.path.join(directory, name) for name in names):
                with open(path, "rb") as file:
                    found[os.path.relpath(path, self.root)] = file.read()
        return found

    # ---- acts ----

    def do_claim(self):
        entry = self.claims.candidate(1)
        self.has_history, self.held = entry.attempts is not None, self.claims.take(entry)
        try:
            _, self.key, file = self.claims.verify(self.held)
            file.close()
        except Damaged as e:
            self.settlement.reject(self.held, str(e))

    def do_complete(self):
        self.settlement.complete(self.held, self.key, self.has_history)

    def do_retry(self, delay, reason):
        self.settlement.retry(self.held, int(delay) / 1000, reason.decode())

    def do_release(self):
        self.settlement.release(self.held)

    def do_reject(self, reason):
        self.settlement.reject(self.held, reason.decode())

    def do_lease(self):
        self.lease = 0.001

    def do_recover(self):
        """What the background does, until what was silent at the beginning has been so for its lease."""
        recovery, until = Recovery(self.spool, self.lease), time.monotonic() + 0.15
        self.presence.join()
        while time.monotonic() < until:
            beat = self.presence.beat()
            recovery.declare_gone()
            recovery.declare_silent(beat)
            recovery.bring_back(beat)
            recovery.promote()

    def do_hold(self):
        """O1, which is an operator's; in Python there is only what the name becomes."""
        for directory in (b"new", b"delayed"):
            self.each(directory, lambda entry: (b"held", entry.moved(due=entry.due)))

    def do_unhold(self):
        now = time.time_ns() // 1_000_000
        self.each(b"held", lambda entry: (b"delayed", entry.name) if (entry.due or 0) > now else (b"new", entry.moved()))

    def do_requeue(self):
        for directory in (b"failed", b"done"):
            self.each(directory, lambda entry: (b"new", entry.moved(attempts=0)))

    def each(self, directory, target):
        for name in os.listdir(self.spool.path(directory)):
            os.rename(self.spool.path(directory, name), self.spool.path(*target(Entry(name, self.spool.separator))))

    # ---- what it leads to ----

    def require(self, expected, actual, begin, end):
        left = dict(actual)
        for _, path, content in expected:
            (name, delays), (whole, _) = pattern(path), pattern(content)
            found = [each for each in left if re.fullmatch(name, each, re.S)]
            self.test.assertTrue(found, f"{path} is not in {actual}")
            self.test.assertRegex(left.pop(found[0]), re.compile(rb"\A" + whole + rb"\Z", re.S))
            for millis, delay in zip(re.fullmatch(name, found[0], re.S).groups(), delays):
                self.test.assertTrue(begin <= int(millis) - delay <= end, f"{found[0]}: {delay} after {begin} to {end}")
        self.test.assertEqual({}, left, "more than there should be")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
