"""The command that does a job."""
import contextlib
import os
import re
import signal
import subprocess


class Command:
    """One at a time. It may be killed from another thread, or by a signal handler."""

    def __init__(self, words, is_wanted):
        self.words, self.is_wanted, self.child = words, is_wanted, None

    def kill(self):
        """All of it: a grandchild that went on would hold the pipe of standard error, and work beside its successor."""
        child = self.child
        if child and child.returncode is None:  # while nobody has waited for it, its number is nobody else's
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)

    def run(self, file, held, attributes):
        """The exit code of the command, and what it said last."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SPOOL_ATTR_")}
        environment.update(SPOOL_ID=held.id.decode(), SPOOL_ATTEMPT=str(held.attempts))
        for name, value in attributes.items():
            environment["SPOOL_ATTR_" + re.sub("[^A-Z0-9]", "_", name.upper())] = value.replace("\0", "")
        try:
            self.child = subprocess.Popen(self.words, stdin=file, stderr=subprocess.PIPE, env=environment,
                                          start_new_session=True)
        except OSError as e:
            return os.EX_OSERR, f"{self.words[0]}: {e.strerror}"
        if not self.is_wanted(held):
            self.kill()  # RACE: told so when there was nobody to kill yet
        said = self.child.communicate()[1].decode("utf-8", "replace").strip()
        code, self.child = self.child.returncode, None
        return code, said[-4096:] or f"exit code {code}"
