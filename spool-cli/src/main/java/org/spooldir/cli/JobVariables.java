package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.spooldir.Claim;
import org.spooldir.fs.DirectorySpool;

/** What a command learns of its job from its environment. */
final class JobVariables {

  private static final String ATTRIBUTE = "SPOOL_ATTR_";

  private JobVariables() {}

  /** Sets the variables of this job, and removes those of an outer one. */
  static void set(Map<String, String> environment, Claim claim) throws IOException {
    for (Iterator<String> names = environment.keySet().iterator(); names.hasNext(); ) {
      if (names.next().startsWith(ATTRIBUTE)) {
        names.remove();
      }
    }
    // The launcher changed it for the JVM, see there.
    String locale = environment.remove("SPOOL_LC_ALL");
    if ("unset".equals(locale)) {
      environment.remove("LC_ALL");
    } else if (locale != null) {
      environment.put("LC_ALL", locale);
    }
    environment.remove("SPOOL_FILE");
    environment.remove("SPOOL_HEADER_BYTES");
    long size = claim.payload().size().orElse(0);
    environment.put("SPOOL_ID", claim.id().value());
    environment.put("SPOOL_ATTEMPT", Integer.toString(claim.attempt()));
    environment.put("SPOOL_SIZE", Long.toString(size));
    Optional<Path> file = DirectorySpool.file(claim.payload());
    if (file.isPresent() && isText(file.get())) {
      environment.put("SPOOL_FILE", file.get().toString());
      environment.put("SPOOL_HEADER_BYTES", Long.toString(Files.size(file.get()) - size));
    }
    for (Map.Entry<String, String> attribute : claim.attributes().entrySet()) {
      if (attribute.getValue().indexOf('\0') < 0) {
        environment.putIfAbsent(name(attribute.getKey()), attribute.getValue());
      }
    }
  }

  /** Whether the name of the file survives the way through a string: it need not be any text. */
  private static boolean isText(Path file) {
    try {
      return Path.of(file.toString()).equals(file);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The variable that carries an attribute. */
  static String name(String attribute) {
    StringBuilder name = new StringBuilder(ATTRIBUTE);
    for (int i = 0; i < attribute.length(); i++) {
      char c = attribute.charAt(i);
      if (c >= 'a' && c <= 'z') {
        name.append((char) (c - 'a' + 'A'));
      } else {
        name.append((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_');
      }
    }
    return name.toString();
  }
}
