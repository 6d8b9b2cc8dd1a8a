/**
 * What every backend must keep: the contract as interfaces of tests, one for each stage of a job's
 * life, together in {@code SpoolContract}. A backend implements {@code SpoolFixture} and runs them.
 * {@code MemorySpool}, which keeps the whole contract in a few hundred lines, is the example.
 */
package org.spooldir;
