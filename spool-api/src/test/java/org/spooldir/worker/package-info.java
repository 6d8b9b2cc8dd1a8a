/**
 * What every backend must make possible: the contract of the worker, as interfaces of tests,
 * together in {@code WorkerContract}.
 */
package org.spooldir.worker;
