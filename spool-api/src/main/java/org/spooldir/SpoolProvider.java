package org.spooldir;

import java.net.URI;

/**
 * Opens the spools of one engine by URI: for who writes an engine. Users call {@link Spools}, which
 * finds providers by {@link java.util.ServiceLoader}: an engine names its provider both in {@code
 * META-INF/services/org.spooldir.SpoolProvider} and in its module declaration. A provider has a
 * public constructor without parameters, which does nothing that can fail, and is safe for use by
 * many threads.
 *
 * @since 0.1
 */
public interface SpoolProvider {

  /** The scheme of the URIs that it opens, in lower case, without a colon. */
  String scheme();

  /**
   * Opens a spool, and makes one only if the URI says so. Everything in the URI must be understood:
   * what is not is refused, so that a misspelt option never does nothing in silence.
   *
   * @param uri has the scheme of this provider, in whatever case
   * @param listener hears what this process does in the spool
   * @throws SpoolFormatException if there is no such spool, or the URI is not understood; says what
   *     to do
   * @throws SpoolException if it cannot be read or made
   */
  Spool open(URI uri, SpoolListener listener) throws SpoolException;
}
