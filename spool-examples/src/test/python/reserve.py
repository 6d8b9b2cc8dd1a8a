"""A full disk, as the worker in Python meets it:

    python3 reserve.py DIRECTORY_OF_THE_PROGRAMS
"""
import errno
import os
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1] if len(sys.argv) > 1 else "interop")

from entries import Spool  # noqa: E402
from presence import Presence  # noqa: E402


def once_full(call):
    """Finds no room the first time."""
    tries = []

    def step(*arguments):
        tries.append(arguments)
        if len(tries) == 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return call(*arguments)

    return step


class ReserveTest(unittest.TestCase):
    def setUp(self):
        root = tempfile.TemporaryDirectory()
        self.addCleanup(root.cleanup)
        os.mkdir(os.path.join(root.name, "workers"))
        for name, text in ("spool.format", "spool 1\n"), ("spool.reserve", "\0"):
            with open(os.path.join(root.name, name), "w", encoding="ascii") as file:
                file.write(text)
        self.spool = Spool(root.name)
        self.presence = Presence(self.spool, 60, lambda: None)

    def names(self, *directory):
        return os.listdir(self.spool.path(*directory))

    def test_the_first_sign_of_life_gets_the_room_of_the_reserve(self):
        with mock.patch("os.write", once_full(os.write)):
            self.presence.join()
        self.assertEqual([self.presence.id], self.names(b"workers"))
        self.assertNotIn(b"spool.reserve", self.names())
        self.assertIsNotNone(self.presence.beat())

    def test_without_a_reserve_no_half_sign_of_life_is_left(self):
        os.unlink(self.spool.path(b"spool.reserve"))
        with mock.patch("os.write", once_full(os.write)), self.assertRaises(OSError):
            self.presence.join()
        self.assertEqual([], self.names(b"workers"))

    def test_a_beat_that_finds_no_room_leaves_the_sign_of_life(self):
        self.presence.join()
        with mock.patch("os.write", once_full(os.write)), self.assertRaises(OSError):
            self.presence.beat()
        self.assertEqual([self.presence.id], self.names(b"workers"))

    def test_a_reserve_that_another_gives_up_in_this_moment_is_no_lost_claim(self):
        with mock.patch("os.unlink", side_effect=FileNotFoundError):
            self.assertEqual("done", self.spool.with_reserve(once_full(lambda: "done")))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
