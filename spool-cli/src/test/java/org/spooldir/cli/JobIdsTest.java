package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs as users name them. */
class JobIdsTest {

  private static final String ID = "1763679600.M000123P4711Q7R9f3c2a1b00112233.host";

  @ParameterizedTest
  @ValueSource(
      strings = {
        ID,
        "new/" + ID,
        ID + ",S=20,C=e3069283",
        "/var/spool/x/cur/" + ID + ",S=20,C=e3069283,P=7:2,,a=1,t=5,w=host.1.x.1",
        "../failed/" + ID + ";2,,a=3",
      })
  void anIdIsFoundInIdsNamesAndPaths(String word) {
    assertEquals(ID, JobIds.parse(word).value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "new/hello", "cur/hello:2,S"})
  void soAreThoseOfOtherProgramsDeliveries(String word) {
    assertEquals("hello", JobIds.parse(word).value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "new/", "..", "../", ".hidden", "a b", "a\u001b[31mb", "\u00e4"})
  void whatCanBeNoneIsRefusedInPrintableWords(String word) {
    String message = assertThrows(UsageException.class, () -> JobIds.parse(word)).getMessage();
    assertTrue(message.startsWith("ID: '" + Printable.of(word) + "'"), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 300, 100_000})
  void soIsWhatIsTooLong(int length) {
    assertThrows(UsageException.class, () -> JobIds.parse("x".repeat(length)));
  }
}
