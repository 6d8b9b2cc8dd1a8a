package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plain parser, and picocli which has the last word. */
class ArgumentsTest {

  private static final Syntax SYNTAX =
      Syntax.of("put", "")
          .operand("DIR", "")
          .operands("FILE", 0, "")
          .option("-p --priority", "N", "")
          .options("--attr", "K=V", "")
          .flag("-q --quiet", "");

  private static Arguments plain(String line) {
    return PlainParser.parse(SYNTAX, List.of(line.split(" ")), List.of());
  }

  private static Arguments grammar(List<String> words) throws IOException {
    return Grammar.parse(SYNTAX, words, List.of(), new Terminal());
  }

  @Test
  void plainFormsAreRead() {
    Arguments arguments = plain("dir -p 3 --attr a=b - --attr=c=d -q -- --file");
    assertEquals(3, arguments.number("--priority", 0, 9, 4));
    assertEquals(List.of("a=b", "c=d"), arguments.all("--attr"));
    assertTrue(arguments.has("--quiet"));
    assertEquals("dir", arguments.directory().toString());
    assertEquals(List.of("-", "--file"), arguments.operands(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-q",
        "dir --none",
        "dir -p",
        "dir -p -q",
        "dir --quiet=yes",
        "dir -p 1 -p 2",
        "dir -qp3"
      })
  void whatIsNotPlainOrNotRightIsLeftToTheGrammar(String line) {
    assertNull(plain(line));
  }

  @Test
  void theGrammarKnowsMoreFormsAndSaysWhatIsWrong() throws Exception {
    Arguments arguments = grammar(List.of("-qp3", "dir", "--attr=a=b", "f"));
    assertEquals(3, arguments.number("--priority", 0, 9, 4));
    assertTrue(arguments.has("--quiet"));
    assertEquals(List.of("f"), arguments.operands(1));
    assertTrue(
        assertThrows(UsageException.class, () -> grammar(List.of("-q")))
            .getMessage()
            .contains("DIR"));
    assertThrows(UsageException.class, () -> grammar(List.of("dir", "-p", "1", "-p", "2")));
  }

  /** Whatever the plain parser accepts, picocli understands in the same way. */
  @Test
  void theTwoParsersAgree() throws Exception {
    List<String> words =
        List.of(
            "dir", "f", "-", "-p", "7", "--priority=5", "--attr", "a=b", "--attr=c=d", "-q", "--");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int plain = 0;
    for (int i = 0; i < 3000; i++) {
      List<String> line = new ArrayList<>();
      for (int n = random.nextInt(8); n >= 0; n--) {
        line.add(words.get(random.nextInt(words.size())));
      }
      Arguments ours = PlainParser.parse(SYNTAX, line, List.of());
      if (ours != null) {
        plain++;
        Arguments theirs = byGrammar(line, seed);
        assertEquals(theirs.operands(0), ours.operands(0), () -> line + " seed " + seed);
        for (Syntax.Option option : SYNTAX.options()) {
          assertEquals(theirs.has(option.name()), ours.has(option.name()), line::toString);
          if (!option.isFlag()) {
            assertEquals(theirs.all(option.name()), ours.all(option.name()), line::toString);
          }
        }
      }
    }
    assertTrue(plain > 300, "only " + plain);
  }

  private static Arguments byGrammar(List<String> line, long seed) throws IOException {
    try {
      return grammar(line);
    } catch (UsageException e) {
      throw new AssertionError(line + " seed " + seed, e);
    }
  }

  @Test
  void valuesThatCannotBeRightSayWhatIsExpected() {
    Arguments arguments = plain("dir --priority=x\u001b");
    String message =
        assertThrows(UsageException.class, () -> arguments.number("--priority", 0, 9, 4))
            .getMessage();
    assertEquals("--priority: 'x\\u001b' is not what is expected: 0 to 9", message);
    assertThrows(UsageException.class, () -> arguments.duration("--priority"));
    assertThrows(UsageException.class, () -> arguments.size("--priority", 1));
  }
}
