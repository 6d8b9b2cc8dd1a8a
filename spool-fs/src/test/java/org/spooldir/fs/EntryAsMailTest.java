package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.spooldir.Job;

/** An entry with attributes reads as a mail message. */
class EntryAsMailTest extends SpoolTest {

  private static final String PRINT =
      """
      import email, email.policy, sys
      with open(sys.argv[1], 'rb') as file:
          mail = email.message_from_binary_file(file, policy=email.policy.default)
      assert not mail.defects, mail.defects
      for name, value in mail.items():
          print(name, ascii(str(value)))
      print(ascii(mail.get_payload()))
      """;

  @Test
  void pythonReadsWhatTheProducerWrote() throws Exception {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("Subject", "plain text: with a colon");
    attributes.put("X-Umlaut", "Gr\u00f6\u00dfe");
    attributes.put("X-Long", "\u65e5\u672c\u8a9e ".repeat(100) + ".");
    attributes.put("X-Emoji", "\ud83d\ude00".repeat(30));
    attributes.put("X-Ascii", "a".repeat(950));
    attributes.put("X-Encoded", "=?utf-8?Q?no?=");
    attributes.put("X-Blank", " around ");
    attributes.put("X-Empty", "");
    StringBuilder expected = new StringBuilder("Spool-Key 'k\\xe9'\n");
    attributes.forEach(
        (name, value) -> expected.append(name).append(' ').append(ascii(value)).append('\n'));
    expected.append("'From the payload\\n\\non'\n");
    lab.open().enqueue(Job.of("From the payload\n\non").attributes(attributes).key("k\u00e9"));
    assertEquals(expected.toString(), RawNames.python(PRINT, "", lab.only("new").toString()));
  }

  /** As Python's ascii() has it. */
  private static String ascii(String text) {
    StringBuilder ascii = new StringBuilder("'");
    text.codePoints()
        .forEach(
            c -> {
              if (c < 128) {
                ascii.appendCodePoint(c);
              } else {
                ascii.append(
                    String.format(c < 256 ? "\\x%02x" : c < 65536 ? "\\u%04x" : "\\U%08x", c));
              }
            });
    return ascii.append("'").toString();
  }
}
