package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
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
        "a: =?utf-8?B?*?=\n\n",
        "a: =?utf-8?B?=\n\n"
      })
  void whatWeWouldNotWriteIsMalformed(String header) {
    assertThrows(
        AttributeHeader.MalformedException.class,
        () -> AttributeHeader.decode(header.getBytes(UTF_8)));
  }
}
