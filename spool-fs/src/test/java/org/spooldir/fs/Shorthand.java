package org.spooldir.fs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Calls as a protocol is written down: {@code rename new/J1 cur/J1:2,a=1,t,w=W1.1}. Unique names
 * become J1, J2 … in the order in which they come up, worker ids W1, W2 …; sizes, checksums and
 * times are left out.
 */
final class Shorthand {

  private static final Pattern UNIQUE =
      Pattern.compile("\\d{10}\\.M\\d{6}P\\d+Q\\d+R[0-9a-f]{16}\\.[^,:;!/ .]+");
  private static final Pattern WORKER =
      Pattern.compile("(?<=workers/|w=)[^/ ]+\\.\\d+\\.[0-9a-z]{7}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final String READING = "(stat|inode|list|read|usableSpace) .*";

  private final List<String> jobs = new ArrayList<>();
  private final List<String> workers = new ArrayList<>();

  /** What changes something, or makes it durable. */
  List<String> changes(List<String> calls) {
    return all(calls.stream().filter(call -> !call.matches(READING)).toList());
  }

  /** All of it. */
  List<String> all(List<String> calls) {
    return calls.stream().map(this::of).toList();
  }

  /** One call. */
  String of(String call) {
    String line = number(call, UNIQUE, "J", jobs);
    line = number(line, WORKER, "W", workers);
    return HASH.matcher(line)
        .replaceAll("HASH")
        .replaceAll(",S=\\d+,C=[0-9a-f]{8}", "")
        .replaceAll(",H=\\d+", "")
        .replaceAll(",([tu])=\\d+", ",$1");
  }

  private static String number(String line, Pattern pattern, String prefix, List<String> known) {
    return pattern
        .matcher(line)
        .replaceAll(
            found -> {
              if (!known.contains(found.group())) {
                known.add(found.group());
              }
              return Matcher.quoteReplacement(prefix + (known.indexOf(found.group()) + 1));
            });
  }
}
