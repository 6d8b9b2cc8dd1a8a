package org.spooldir.worker;

import org.spooldir.MemoryFixture;

/** The worker's contract is tested here on the spool in memory, and again by each backend. */
final class MemoryWorkerTest extends MemoryFixture implements WorkerContract {}
