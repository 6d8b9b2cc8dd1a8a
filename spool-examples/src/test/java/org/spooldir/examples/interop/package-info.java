/**
 * Programs that know nothing of spools, at work in one while a worker is.
 *
 * <p>Each is the real one, started as a process. Nothing here knows more than the public API and
 * what {@code ls} tells. {@link org.spooldir.examples.interop.LiveSpool} is the fixture; {@code
 * docs/interop.md} names a test for each of its rows.
 */
package org.spooldir.examples.interop;
