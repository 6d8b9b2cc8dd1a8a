package org.spooldir.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spooldir.Payload;

/** The beginning of a payload. */
final class PayloadPreviewTest {

  @Test
  void textIsShownInLines() throws Exception {
    PayloadPreview preview = PayloadPreview.of(Payload.of("a\n\n\u001b[1m\u00fc"));
    assertEquals(List.of("a", "", "\\u001b[1m\u00fc"), preview.lines());
    assertEquals(9, preview.shown());
  }

  @Test
  void whatIsNoTextIsNotShown() throws Exception {
    assertFalse(PayloadPreview.of(Payload.of("a\0b")).isText());
    assertFalse(PayloadPreview.of(Payload.of("\u00fc".getBytes(ISO_8859_1))).isText());
    assertTrue(PayloadPreview.of(Payload.of("")).isText());
  }

  @Test
  void aCharacterThatIsCutInTheMiddleIsText() throws Exception {
    for (int before = 0; before < 3; before++) {
      String text = "x".repeat(before) + "\u20ac".repeat(1000);
      PayloadPreview preview = PayloadPreview.of(Payload.of(text));
      assertTrue(preview.isText());
      assertEquals(text.substring(0, preview.lines().get(0).length()), preview.lines().get(0));
    }
    assertFalse(PayloadPreview.of(Payload.of("\u20ac".getBytes(ISO_8859_1))).shown() > 1);
  }
}
