package org.spooldir;

/** The contract can be kept, and kept without a file system. */
final class MemorySpoolTest extends MemoryFixture implements SpoolContract {}
