"""What a worker does beside its jobs: signs of life, and recovery for all."""
import threading
import time

from recovery import Recovery


class Background(threading.Thread):
    def __init__(self, spool, presence, lease, poll):
        super().__init__(daemon=True)
        self.presence, self.lease, self.poll = presence, lease, poll
        self.recovery, self.due = Recovery(spool, lease), 0.0

    def run(self):
        while True:
            time.sleep(min(self.poll, self.lease / 3))
            try:
                self.tick()
            except OSError as e:
                print(f"trouble: {e}", flush=True)

    def tick(self):
        found = self.recovery.declare_gone()  # R1
        if found or time.monotonic() >= self.due:
            self.due = time.monotonic() + self.lease / 3
            beat = self.presence.beat()  # C4
            if beat:
                self.recovery.declare_silent(beat)  # R2
                self.recovery.bring_back(beat)  # R0, R3
        self.recovery.promote()  # R4
