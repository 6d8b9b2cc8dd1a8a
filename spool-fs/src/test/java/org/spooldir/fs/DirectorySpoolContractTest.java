package org.spooldir.fs;

import org.spooldir.SpoolContract;

/** What the API promises, kept by a directory. */
final class DirectorySpoolContractTest extends DirectoryFixture implements SpoolContract {}
