package org.spooldir;

import java.net.URI;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;

/**
 * Opens spools by URI, so that another engine is a dependency and another URI, and no line of code.
 *
 * <pre>{@code
 * try (Spool spool = Spools.open(URI.create("spool:///var/spool/thumbnails"))) {
 *   JobId id = spool.enqueue(Job.of(Path.of("42.png")));
 * }
 * }</pre>
 *
 * <p>The scheme chooses the engine; what else may stand in the URI is the engine's to say. With
 * {@code spool-fs} on the class path or module path, {@code spool:///DIR} is the directory {@code
 * /DIR}, see {@code DirectorySpoolProvider}. Engines are looked for by {@link ServiceLoader}, with
 * the thread's context class loader and then with the one of this class. If two have the same
 * scheme, the first one found opens.
 *
 * @since 0.1
 */
public final class Spools {

  private Spools() {}

  /**
   * Opens a spool. It must exist, unless its engine lets the URI say otherwise.
   *
   * @throws SpoolFormatException if no engine at hand has this scheme, if there is no such spool,
   *     or if the URI is not understood; says what to do
   * @throws SpoolException if the spool cannot be read or made
   */
  public static Spool open(URI uri) throws SpoolException {
    return open(uri, SpoolListener.NONE);
  }

  /**
   * Opens a spool, as {@link #open(URI)} does.
   *
   * @param listener hears what this process does in the spool
   * @throws SpoolFormatException if no engine at hand has this scheme, if there is no such spool,
   *     or if the URI is not understood; says what to do
   * @throws SpoolException if the spool cannot be read or made
   */
  public static Spool open(URI uri, SpoolListener listener) throws SpoolException {
    String scheme = uri.getScheme();
    if (scheme == null) {
      throw refusal(uri.toASCIIString(), "names no engine; a directory is spool:///DIR", null);
    }
    return provider(scheme).open(uri, listener);
  }

  private static SpoolProvider provider(String scheme) throws SpoolFormatException {
    Set<String> others = new TreeSet<>();
    try {
      return find(ServiceLoader.load(SpoolProvider.class), scheme, others)
          .or(() -> find(ServiceLoader.load(SpoolProvider.class, loader()), scheme, others))
          .orElseThrow(() -> missing(scheme, others));
    } catch (ServiceConfigurationError e) {
      throw refusal(scheme, "an engine at hand cannot be used; mend or remove its jar", e);
    }
  }

  /** Where the thread's loader knows no engine, as in a container, those beside the API count. */
  private static @Nullable ClassLoader loader() {
    return Spools.class.getClassLoader();
  }

  private static Optional<SpoolProvider> find(
      ServiceLoader<SpoolProvider> providers, String scheme, Set<String> others) {
    for (SpoolProvider provider : providers) {
      if (provider.scheme().equalsIgnoreCase(scheme)) {
        return Optional.of(provider);
      }
      others.add(provider.scheme() + ":");
    }
    return Optional.empty();
  }

  /** Not the whole URI: that of an unknown engine may hold a password. */
  private static SpoolFormatException missing(String scheme, Set<String> others) {
    return refusal(
        scheme,
        "no engine at hand opens this scheme; put the dependency that does on the class path or"
            + " module path (for spool: it is org.spooldir:spool-fs). At hand: "
            + (others.isEmpty() ? "none" : String.join(" ", others)),
        null);
  }

  private static SpoolFormatException refusal(
      String path, String problem, @Nullable Throwable cause) {
    return new SpoolFormatException(new Where("open", path, null, InSpool.NO), problem, cause);
  }
}
