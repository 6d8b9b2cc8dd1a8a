/**
 * Other programs in a spool: real Maildir programs that deliver, read, move and flag, and producers
 * and workers in other languages, beside Java in one spool, a soak with kills included. Each test
 * starts the real programs, beside workers at work. The tables of {@code docs/interop.md} name
 * these tests.
 */
@NullMarked
package org.spooldir.examples.interop;

import org.jspecify.annotations.NullMarked;
