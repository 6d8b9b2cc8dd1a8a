/**
 * Other programs in a spool, as real processes beside workers at work; nothing here knows more than
 * the public API and what {@code ls} tells. {@code docs/interop.md} names a test for each of its
 * rows.
 *
 * <p>{@link org.spooldir.examples.interop.LiveSpool} is the fixture of the mail programs. Of
 * programs in other languages {@link org.spooldir.examples.interop.ProducersTest} and {@link
 * org.spooldir.examples.interop.PythonWorkerTest} look at each alone, {@link
 * org.spooldir.examples.interop.LanguagesTest} at all together: {@link
 * org.spooldir.examples.interop.Soak} lets them work, kills and stops them, and {@link
 * org.spooldir.examples.interop.Ledger} holds what they said against what is left.
 */
package org.spooldir.examples.interop;
