package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.spooldir.Job;

/**
 * The attributes in front of a payload, as RFC 5322 header lines and an empty line, so that an
 * entry with attributes reads as a mail message. Lines end in LF. A value that is not plain ASCII
 * on one line stands as RFC 2047 encoded words (UTF-8, base64).
 *
 * @param attributes in the order in which they stand
 * @param key the dedup key
 */
record AttributeHeader(Map<String, String> attributes, Optional<String> key) {

  /** Longest header that is read. What {@link Job} allows is shorter, however it is encoded. */
  static final int MAX_BYTES = 1 << 20;

  static final AttributeHeader NONE = new AttributeHeader(Map.of(), Optional.empty());

  private static final byte[] NOTHING = {};
  private static final String KEY = Job.RESERVED_PREFIX + "Key";
  private static final String WORD = "=?utf-8?B?";
  private static final int WORD_BYTES = 45;
  private static final int LINE = 998;

  /** Something in a header that this class would not write. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String problem;

    MalformedException(String problem) {
      super(problem);
      this.problem = problem;
    }

    String problem() {
      return problem;
    }
  }

  static AttributeHeader of(Job job) {
    return new AttributeHeader(job.attributes(), job.key());
  }

  // ---- writing ----

  /** The bytes that stand before the body: none at all if there is nothing to say. */
  byte[] encode() {
    if (attributes.isEmpty() && key.isEmpty()) {
      return NOTHING;
    }
    StringBuilder header = new StringBuilder();
    if (key.isPresent()) {
      line(header, KEY, key.get());
    }
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      line(header, attribute.getKey(), attribute.getValue());
    }
    return header.append('\n').toString().getBytes(ISO_8859_1);
  }

  private static void line(StringBuilder to, String name, String value) {
    boolean plain = isPlain(value) && name.length() + 2 + value.length() <= LINE;
    to.append(name).append(": ").append(plain ? value : words(value)).append('\n');
  }

  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
        return false;
      }
    }
    return value.equals(value.strip()) && !value.contains("=?");
  }

  /** Encoded words of at most 75 characters, each of whole characters, folded between words. */
  private static String words(String value) {
    StringBuilder words = new StringBuilder();
    int from = 0;
    int bytes = 0;
    for (int at = 0; at <= value.length(); ) {
      int code = at < value.length() ? value.codePointAt(at) : 0;
      int more = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      if (at == value.length() || bytes + more > WORD_BYTES) {
        words.append(from == 0 ? "" : "\n ").append(WORD);
        words.append(Base64.getEncoder().encodeToString(value.substring(from, at).getBytes(UTF_8)));
        words.append("?=");
        from = at;
        bytes = 0;
      }
      bytes += more;
      at += Character.charCount(code);
    }
    return words.toString();
  }

  // ---- reading ----

  /**
   * Reads the header of an entry.
   *
   * @param bytes the first H bytes of the file
   */
  static AttributeHeader decode(byte[] bytes) throws MalformedException {
    String text = new String(bytes, ISO_8859_1);
    if (!text.endsWith("\n\n")) {
      throw new MalformedException("the header does not end in an empty line");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    Optional<String> key = Optional.empty();
    for (String line :
        Splitter.on('\n').split(text.substring(0, text.length() - 2).replace("\n ", " "))) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new MalformedException("a header line without a name");
      }
      String name = line.substring(0, colon);
      String value = value(line.substring(colon + 1).strip());
      if (name.equalsIgnoreCase(KEY)) {
        key = Optional.of(value);
      } else {
        attributes.keySet().removeIf(name::equalsIgnoreCase); // one name: the later line counts
        attributes.put(name, value);
      }
    }
    return new AttributeHeader(Collections.unmodifiableMap(attributes), key);
  }

  private static String value(String text) throws MalformedException {
    if (!text.regionMatches(true, 0, WORD, 0, WORD.length())) {
      return text;
    }
    StringBuilder value = new StringBuilder();
    for (String word : Splitter.on(' ').omitEmptyStrings().split(text)) {
      if (!word.regionMatches(true, 0, WORD, 0, WORD.length())
          || !word.startsWith("?=", Math.max(WORD.length(), word.length() - 2))) {
        throw new MalformedException("encoded and plain words in one header line");
      }
      try {
        byte[] bytes = Base64.getDecoder().decode(word.substring(WORD.length(), word.length() - 2));
        value.append(new String(bytes, UTF_8));
      } catch (IllegalArgumentException e) {
        throw new MalformedException("an encoded word that is no base64");
      }
    }
    return value.toString();
  }
}
