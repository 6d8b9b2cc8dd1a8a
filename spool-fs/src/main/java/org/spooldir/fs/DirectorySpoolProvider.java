package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spooldir.Spool;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;
import org.spooldir.SpoolFormatException;
import org.spooldir.SpoolListener;
import org.spooldir.SpoolProvider;

/**
 * Opens directory spools by URI, for {@link org.spooldir.Spools}: {@code spool:///var/spool/jobs}
 * is {@link DirectorySpool#open} of the directory {@code /var/spool/jobs}. The path is absolute;
 * what a URI cannot hold is percent-encoded, byte by byte.
 *
 * <p>Options follow a question mark: {@code spool:///var/spool/jobs?create=true&durability=full}.
 *
 * <table>
 * <caption>All options</caption>
 * <tr><th scope="col">name</th><th scope="col">value</th></tr>
 * <tr><td>{@code create}</td><td>{@code true}: {@link DirectorySpool#openOrCreate}; {@code false},
 *     the default: {@link DirectorySpool#open}</td></tr>
 * <tr><td>{@code durability}</td><td>{@code process}, {@code enqueue} or {@code full}</td></tr>
 * <tr><td>{@code lease}, {@code poll}, {@code retention}</td><td>as {@link Duration#parse} reads
 *     it: {@code PT30S}, {@code P7D}</td></tr>
 * <tr><td>{@code reserve}, {@code keepFree}, {@code maxEntrySize}</td><td>bytes</td></tr>
 * <tr><td>{@code owners}</td><td>names or numbers of users, with commas</td></tr>
 * <tr><td>{@code separator}</td><td>{@code :}, {@code ;} or {@code !}</td></tr>
 * <tr><td>{@code access}</td><td>{@code private} or {@code dropbox}</td></tr>
 * </table>
 *
 * <p>But for {@code create} they are those of {@link SpoolOptions}, which says what they mean. Any
 * other option, one that stands there twice, a value that cannot be used, a host, and a fragment
 * are refused with a {@link SpoolFormatException}.
 *
 * @since 0.1
 */
public final class DirectorySpoolProvider implements SpoolProvider {

  /** Made by {@link java.util.ServiceLoader}; users call {@link org.spooldir.Spools}. */
  public DirectorySpoolProvider() {}

  @Override
  public String scheme() {
    return "spool";
  }

  @Override
  public Spool open(URI uri, SpoolListener listener) throws SpoolException {
    URI ascii = ascii(uri);
    Path directory = directory(ascii);
    boolean create = false;
    SpoolOptions options = SpoolOptions.DEFAULTS.listener(listener);
    Set<String> seen = new HashSet<>();
    List<String> given = optionsOf(ascii);
    given.sort(Comparator.comparing(option -> !option.startsWith("lease="))); // bounds the poll
    for (String option : given) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String value = option.substring(equals + 1);
      if (equals < 0 || !seen.add(name)) {
        throw refusal(ascii, option + ": each option is once NAME=VALUE", null);
      }
      try {
        if (name.equals("create")) {
          create = truth(value);
        } else {
          options = with(options, name, value);
        }
      } catch (IllegalArgumentException e) {
        throw refusal(ascii, option + ": " + e.getMessage(), e);
      }
    }
    return create
        ? DirectorySpool.openOrCreate(directory, options)
        : DirectorySpool.open(directory, options);
  }

  /**
   * So can a terminal be shown any part of it. Not {@link URI#toASCIIString}: that composes
   * characters, which makes another name of it.
   */
  private static URI ascii(URI uri) {
    StringBuilder ascii = new StringBuilder();
    for (byte b : uri.toString().getBytes(UTF_8)) {
      if (b >= 0) {
        ascii.append((char) b);
      } else {
        ascii.append('%').append(Integer.toHexString(b & 0xff).toUpperCase(Locale.ROOT));
      }
    }
    return URI.create(ascii.toString());
  }

  /** A path of a URI is bytes, and so it stays: what is no UTF-8 has no other way to be written. */
  private static Path directory(URI uri) throws SpoolFormatException {
    if (uri.isOpaque() || uri.getRawAuthority() != null || uri.getRawFragment() != null) {
      throw refusal(uri, "a directory is spool:///DIR, with three slashes and no fragment", null);
    }
    try {
      return Path.of(URI.create("file://" + uri.getRawPath()));
    } catch (IllegalArgumentException e) {
      throw refusal(uri, "names no directory: " + e.getMessage(), e);
    }
  }

  /** Values are plain words and need no encoding. */
  private static List<String> optionsOf(URI uri) {
    String query = uri.getRawQuery();
    return query == null ? new ArrayList<>() : new ArrayList<>(List.of(query.split("&", -1)));
  }

  private static SpoolOptions with(SpoolOptions options, String name, String value) {
    return switch (name) {
      case "durability" -> options.durability(constant(Durability.class, value));
      case "lease" -> options.lease(duration(value));
      case "poll" -> options.poll(duration(value));
      case "retention" -> options.retention(duration(value));
      case "reserve" -> options.reserve(bytes(value));
      case "keepFree" -> options.keepFree(bytes(value));
      case "maxEntrySize" -> options.maxEntrySize(bytes(value));
      case "owners" -> options.owners(users(value));
      case "separator" -> options.separator(character(value));
      case "access" -> options.access(constant(Access.class, value));
      default ->
          throw new IllegalArgumentException(
              "there is no such option; there are create durability lease poll retention reserve"
                  + " keepFree maxEntrySize owners separator access");
    };
  }

  private static boolean truth(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String value) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)));
  }

  private static Duration duration(String value) {
    try {
      return Duration.parse(value);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("a duration like PT30S or P7D", e);
    }
  }

  private static long bytes(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number of bytes", e);
    }
  }

  private static Set<UserPrincipal> users(String value) {
    Set<UserPrincipal> users = new HashSet<>();
    for (String user : value.split(",", -1)) {
      try {
        users.add(
            FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user));
      } catch (IOException e) {
        throw new IllegalArgumentException("names or numbers of users; not " + user, e);
      }
    }
    return users;
  }

  private static char character(String value) {
    if (value.length() != 1) {
      throw new IllegalArgumentException("one of " + SpoolOptions.SEPARATORS);
    }
    return value.charAt(0);
  }

  private static SpoolFormatException refusal(URI uri, String problem, @Nullable Throwable cause) {
    return new SpoolFormatException(
        new Where("open", uri.toString(), null, InSpool.NO), problem, cause);
  }
}
