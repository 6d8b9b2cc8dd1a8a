"""Directory::Queue, as Debian has it (python3-dirq, by its authors): QueueSimple, which never forces anything.

Run:  python3 directory_queue.py DIR COUNT THREADS BYTES LEVEL     as the floor is; THREADS are processes, LEVEL is ignored
"""
import multiprocessing
import sys
import time

from dirq.QueueSimple import QueueSimple

PATIENCE = 60  # seconds for all to be ready


def enqueue(queue, count, payload):
    for _ in range(count):
        queue.add(payload)


def drain(queue, count, payload):
    for name in queue:
        if queue.lock(name):
            assert queue.get(name) == payload
            queue.remove(name)


def side(together, ends, self, work, directory, count, payload):
    queue = QueueSimple(directory)
    together.wait(PATIENCE)
    work(queue, count, payload)
    ends[self] = time.monotonic()  # of the machine, for all processes


def phase(label, work, count, processes, *arguments):
    fork = multiprocessing.get_context("fork")
    start, ends = fork.Value("d"), fork.Array("d", processes)

    def begin():
        start.value = time.monotonic()

    together = fork.Barrier(processes, begin)
    children = [fork.Process(target=side, args=(together, ends, i, work, *arguments)) for i in range(processes)]
    for child in children:
        child.start()
    for child in children:
        child.join()
        assert child.exitcode == 0
    print(label, round(count / (max(ends) - start.value)))


def main():
    directory, count, processes, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    arguments = directory + "/dirq", count // processes, b"x" * size
    queue = QueueSimple(arguments[0])
    phase("enqueue", enqueue, count, processes, *arguments)
    assert queue.count() == count // processes * processes
    phase("drain", drain, count, processes, *arguments)
    assert queue.count() == 0


if __name__ == "__main__":
    main()
