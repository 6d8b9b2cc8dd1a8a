package org.spooldir.fs;

import org.spooldir.worker.WorkerContract;

/** What a worker promises, on a directory. */
final class DirectoryWorkerTest extends DirectoryFixture implements WorkerContract {}
