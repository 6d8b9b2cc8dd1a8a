package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Attributes: every text comes out as it went in, however much it looks like something else. */
public interface AttributesContract extends SpoolFixture {

  @Test
  default void everyTextIsAValue() throws Exception {
    List<String> values =
        List.of(
            "",
            " ",
            "plain",
            "  blanks before and after  ",
            "\ttabs\t",
            "two\nlines",
            "dos\r\nlines\r\n",
            "\n",
            "\r",
            "\n\nbody?",
            "line\n folded?",
            "line\nSubject: injected",
            "a: b, c=d; e:2,f",
            "=?utf-8?Q?looks_encoded?=",
            "=?UTF-8?B?bG9va3M=?= twice =?utf-8?q?x?=",
            "=?",
            "?=",
            "percent %41 back\\slash \\n \"quoted\" 'single'",
            "Größe \u65e5\u672c\u8a9e \ud83d\ude00 e\u0301",
            "\u0000\u0001\u001b[31m\u007f\u0085\u2028\ufeff",
            "x".repeat(77),
            "word ".repeat(400),
            "ü".repeat(2000),
            "\ud83d\ude00".repeat(500));
    Job all = Job.of("payload");
    for (int i = 0; i < values.size(); i++) {
      all = all.attribute("value-" + i, values.get(i));
      spool().enqueue(Job.of("payload").attribute("alone", values.get(i)));
    }
    for (String value : values) {
      Claim claim = claimNext();
      assertEquals(Map.of("alone", value), claim.attributes());
      assertEquals("payload", claim.payload().text());
    }
    spool().enqueue(all);
    assertEquals(all.attributes(), claimNext().attributes());
  }

  @Test
  default void everyNameIsKeptAsSpelled() throws Exception {
    Job job =
        Job.of("payload")
            .attribute("!#$%&'*+-.^_`|~\"(),/;<=>?@[\\]{}", "marks")
            .attribute("n".repeat(200), "longest")
            .attribute("MiXeD-Case", "case")
            .attribute("Subject", "a mail reader shows it")
            .attribute("Content-Transfer-Encoding", "base64")
            .attribute("From", "a colon is no part of a name");
    spool().enqueue(job);
    Claim claim = claimNext();
    assertEquals(job.attributes(), claim.attributes());
    assertEquals("payload", claim.payload().text());
  }

  @Test
  default void namesThatDifferInCaseAreOneName() throws Exception {
    spool().enqueue(Job.of("x").attribute("Size", "1").attribute("b", "2").attribute("SIZE", "3"));
    assertEquals(Map.of("b", "2", "SIZE", "3"), claimNext().attributes());
  }

  @Test
  default void theirOrderIsKept() throws Exception {
    Job job = Job.of("x");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      names.add("name-" + i * 7919 % 500);
      job = job.attribute(names.get(i), "value " + i);
    }
    JobId id = spool().enqueue(job);
    assertEquals(names, new ArrayList<>(read(id).attributes().keySet()));
    assertEquals(names, new ArrayList<>(claimNext().attributes().keySet()));
  }

  @Test
  default void asMuchAsAJobMayCarryIsCarried() throws Exception {
    int room = Job.MAX_ATTRIBUTE_BYTES - "name".length() - 3;
    for (String value :
        List.of("v".repeat(60 * 1024), "v".repeat(room), "ü".repeat(room / 2), "\n".repeat(room))) {
      spool().enqueue(Job.of("payload").attribute("name", value));
      Claim claim = claimNext();
      assertEquals(Map.of("name", value), claim.attributes());
      assertEquals("payload", claim.payload().text());
    }
  }

  @Test
  default void theyAndThePayloadAreKeptApart() throws Exception {
    for (String payload : List.of("", "\n", "\r\n\r\n", "a: b\n\nc")) {
      spool().enqueue(Job.of(payload).attribute("name", "value\n"));
      Claim claim = claimNext();
      assertEquals(Map.of("name", "value\n"), claim.attributes());
      assertEquals(payload, claim.payload().text());
      assertEquals(payload.length(), claim.payload().size().orElseThrow());
    }
  }

  @Test
  default void theyTravelThroughEveryState() throws Exception {
    Job job = Job.of("payload").attribute("size", "128").attribute("note", "two\nlines").key("k");
    JobId id = spool().enqueue(job);
    claimNext().retry(LONG, "later");
    spool().maintenance().retryNow(List.of(id));
    claimNext().reject("never");
    spool().maintenance().requeue(List.of(id));
    Claim claim = claimNext();
    assertEquals(job.attributes(), claim.attributes());
    assertEquals("payload", claim.payload().text());
  }

  @Test
  default void aHandlerCannotChangeThem() throws Exception {
    spool().enqueue(Job.of("x").attribute("size", "128"));
    Map<String, String> attributes = claimNext().attributes();
    assertThrows(UnsupportedOperationException.class, () -> attributes.put("size", "256"));
  }
}
