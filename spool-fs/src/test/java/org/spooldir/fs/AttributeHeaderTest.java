package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AttributeHeaderTest {

  private static AttributeHeader of(Map<String, String> attributes) {
    return new AttributeHeader(attributes, Optional.empty());
  }

  private static AttributeHeader throughBytes(AttributeHeader header) throws Exception {
    return AttributeHeader.decode(header.encode());
  }

  @Test
  void nothingToSayIsNoBytes() {
    assertEquals(0, of(Map.of()).encode().length);
  }

  @Test
  void plainValuesStandAsTheyAre() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("Size", "128");
    attributes.put("X-Y", "a b: c");
    attributes.put("Empty", "");
    AttributeHeader header = new AttributeHeader(attributes, Optional.of("k 1"));
    assertEquals(
        "Spool-Key: k 1\nSize: 128\nX-Y: a b: c\nEmpty: \n\n",
        new String(header.encode(), US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " lead",
        "trail ",
        "two  blanks",
        "line\nbreak",
        "\r\n\t",
        "=?utf-8?B?eA==?=",
        "a =?x",
        "h\u00e9",
        "\ud83d\ude80",
        "\u0000",
        "ends in backslash\\",
        ": :",
        "\n ",
        "=?utf-8?b?%%%?="
      })
  void everyValueComesBackAsItWas(String value) throws Exception {
    assertEquals(Map.of("n", value), throughBytes(of(Map.of("n", value))).attributes());
    assertEquals(
        Optional.of(value), throughBytes(new AttributeHeader(Map.of(), Optional.of(value))).key());
  }

  @Test
  void randomValuesComeBackAsTheyWere() throws Exception {
    long seed = System.nanoTime();
    System.out.println("AttributeHeaderTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      Map<String, String> attributes = new LinkedHashMap<>();
      for (int n = random.nextInt(5); n >= 0; n--) {
        attributes.put("n" + n, randomText(random));
      }
      AttributeHeader header = of(attributes);
      assertEquals(header, throughBytes(header), () -> "seed " + seed);
      assertTrue(
          new String(header.encode(), US_ASCII).lines().allMatch(line -> line.length() <= 998));
    }
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    random
        .ints(random.nextInt(3) == 0 ? 2000 : random.nextInt(80), 0, 0x110000)
        .map(c -> random.nextBoolean() ? c % 128 : c)
        .filter(c -> c < 0xd800 || c > 0xdfff)
        .forEach(text::appendCodePoint);
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "a: b",
        "a: b\n",
        "no colon\n\n",
        ": no name\n\n",
        "a: =?utf-8?B?eA==?= plain\n\n",
        "a: =?utf-8?B?*?=\n\n"
      })
  void whatWeWouldNotWriteIsMalformed(String header) {
    assertThrows(
        AttributeHeader.MalformedException.class,
        () -> AttributeHeader.decode(header.getBytes(UTF_8)));
  }

  @Test
  void anyBytesAreAHeaderOrMalformed() {
    long seed = System.nanoTime();
    System.out.println("AttributeHeaderTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      try {
        AttributeHeader.decode(bytes);
      } catch (AttributeHeader.MalformedException e) {
        assertTrue(e.problem().length() > 0);
      }
    }
  }

  @Test
  void aMailProgramReadsTheSameValues(@TempDir Path directory) throws Exception {
    Map<String, String> attributes =
        Map.of("Subject", "gr\u00fc\u00dfe \ud83d\ude80 ".repeat(20) + ".");
    Path file = Files.write(directory.resolve("mail"), of(attributes).encode());
    String script =
        """
        import email, email.policy, sys
        mail = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
        sys.stdout.buffer.write(mail['Subject'].encode('utf-8'))
        """;
    Process python = new ProcessBuilder("python3", "-c", script, file.toString()).start();
    assertEquals(
        attributes.get("Subject"), new String(python.getInputStream().readAllBytes(), UTF_8));
    assertEquals(0, python.waitFor());
  }
}
