package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.DropBox.MEMBER;
import static org.spooldir.cli.DropBox.OTHER_MEMBER;
import static org.spooldir.cli.DropBox.OWNER;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member of a drop box may try against its owner and the other members. Needs root. */
@Tag("privileged")
class DropBoxAttacksIT {

  @TempDir Path directory;
  private DropBox box;
  private Path secret;

  @BeforeEach
  void make() {
    SpoolCommand.needs("python3");
    box = DropBox.in(directory);
    secret = directory.resolve("home/secret");
    shell("umask 077; echo treasure > " + secret).under(OWNER).run().ok();
  }

  private void putByTheOther() {
    spool("put", box.root()).input("honest\n").under(OTHER_MEMBER).run().ok();
  }

  /** The honest job is done, and nothing else was printed. */
  private void assertOnlyTheHonestJobIsDone() {
    assertEquals("honest\n", box.drain("", "cat").ok().out());
    assertEquals("", box.names("cur failed tmp").replaceAll("(?m)^(\\w+:)?\n", ""));
  }

  @Test
  void whatIsNoFileIsIgnoredAndCounted() {
    int strangers = box.plantStrangers(secret);
    putByTheOther();
    String before = box.names("new").lines().filter(name -> name.contains("-")).toList() + "";
    assertOnlyTheHonestJobIsDone();
    assertEquals(before, box.names("new").lines().toList().toString());
    String stat = spool("stat", "--json", box.root()).under(OWNER).run().ok().out();
    assertTrue(stat.contains("\"foreign\":" + strangers), stat);
    assertTrue(stat.contains("\"ready\":{\"jobs\":0"), stat);
  }

  @Test
  void directoriesInFrontOfAllJobsStopNobody() {
    box.line(
            "for i in $(seq 100 140); do mkdir \"new/0000000001.M000$i\"P1Q1R0123456789abcdef.host,P=9; done")
        .under(MEMBER)
        .run()
        .ok();
    putByTheOther();
    assertOnlyTheHonestJobIsDone();
  }

  @Test
  void aHardLinkBecomesADeadLetterAndItsFileIsNotRead() {
    shell("install -d -o 42421 home/member").in(directory).run().ok();
    box.line("echo mine > tmp/a && chmod 640 tmp/a && ln tmp/a ../member/a && mv tmp/a new/linked")
        .under(MEMBER)
        .run()
        .ok();
    assertEquals("", box.drain("", "cat").ok().out());
    assertTrue(box.reason().contains("is a file with 2 names: hard links are not taken"));
    box.line("ln " + secret + " new/linked").run().ok(); // as anybody could, on kernels of old
    assertEquals("", box.drain("", "cat").ok().out());
    assertTrue(box.reason().contains("is a file with 2 names: hard links are not taken"));
  }

  @Test
  void aHugeFileOfHolesBecomesADeadLetter() {
    box.line("truncate -s 2G tmp/huge && chmod 640 tmp/huge && mv tmp/huge new/")
        .under(MEMBER)
        .run()
        .ok();
    putByTheOther();
    assertEquals("honest\n", box.drain("", "cat").ok().out());
    String reason = box.reason();
    assertTrue(reason.contains("has 2147483648 bytes, and more than 1073741824"), reason);
  }

  @Test
  void theOwnerOfTheBoxSaysHowLargeAndWhose() {
    spool("put", box.root()).input("much too large").under(MEMBER).run().ok();
    assertEquals("", box.drain("--max-size 10", "cat").ok().out());
    String large = box.reason();
    assertTrue(large.contains("has 14 bytes, and more than 10 are not taken"), large);

    spool("put", box.root()).input("forbidden").under(MEMBER).run().ok();
    spool("put", box.root()).input("by number\n").under(OTHER_MEMBER).run().ok();
    spool("put", box.root()).input("own\n").under(OWNER).run().ok();
    List<String> done = box.drain("--owner nobody --owner 42422", "cat").ok().lines();
    assertEquals(List.of("by number", "own"), done);
    String whose = box.reason();
    assertTrue(whose.contains("belongs to user 42421, whose entries are not taken"), whose);

    spool("put", box.root())
        .input("by name\n")
        .under(OtherUser.of("65534", "--groups=42424"))
        .run()
        .ok();
    assertEquals("by name\n", box.drain("--owner nobody", "cat").ok().out());
    String unknown = box.drain("--owner noone", "cat").failsWith(ExitCode.USAGE).err();
    assertTrue(unknown.contains("the name or number of a user"), unknown);
  }

  /**
   * Drops a file and keeps it open; writes over it when a handler says so, then says that it has.
   */
  private static final String NEVER_LETS_GO =
      """
      import os, sys, time
      size, signals = int(sys.argv[1]), sys.argv[2]
      draft = open('tmp/mine', 'wb+', buffering=0)
      draft.write(b'good' * size)
      os.chmod('tmp/mine', 0o640)
      os.rename('tmp/mine', 'new/mine')
      while not os.path.exists(signals + '/claimed'):
          time.sleep(0.01)
      draft.seek(0)
      draft.write(b'evil' * size)
      draft.write(b'more')
      open(signals + '/overwritten', 'w').close()
      """;

  private static final String READS_LATE =
      """
      touch "$1/claimed"
      until [ -e "$1/overwritten" ]; do sleep 0.01; done
      cat | tr -d '\\n' | sha256sum
      cat "$SPOOL_FILE" | sha256sum
      """;

  @ParameterizedTest
  @ValueSource(ints = {1, 500_000}) // a pipe holds the first one whole, not the second
  void anOwnerWhoGoesOnWritingReachesNoHandler(int size) throws Exception {
    Path signals = Files.createDirectory(directory.resolve("signals"));
    shell("chmod 777 signals").in(directory).run().ok();
    Path script = Files.writeString(directory.resolve("script.py"), NEVER_LETS_GO);
    Process writer =
        box.line("exec python3 " + script + " " + size + " " + signals).under(MEMBER).start();
    try {
      Patience.await().until(() -> box.names("new").contains("mine"));
      List<String> sums = box.drain("", "sh", "-c", READS_LATE, "sh", signals + "").ok().lines();
      String good =
          shell("yes good | head -" + size + " | tr -d '\\n' | sha256sum").run().ok().out().strip();
      assertEquals(List.of(good, good), sums);
      assertEquals("", box.names("tmp"));
    } finally {
      writer.destroyForcibly();
    }
  }

  @Test
  void namesHarmNeitherATerminalNorALogNorAShell() {
    Path trap = directory.resolve("home/trap");
    String touch = "touch${IFS}" + trap;
    box.line(
            """
            for name in $'\\e]0;pwned\\a\\e[2J' $'two\\nlines' $'back\\bspace\\r' $'\\xff\\xfe' '-rf' '--' \
                '$(%1$s)' '`%1$s`' ';%1$s;' '|%1$s' "a'b\\"c" '*' '%%n%%s${jndi}' $'\\u202egnp.exe'; do
              echo x > "tmp/$name" && chmod 640 -- "tmp/$name" && mv -- "tmp/$name" "new/$name"
            done
            """
                .formatted(touch.replace("/", "${PWD%%${PWD#?}}")))
        .under(MEMBER)
        .run()
        .ok();
    StringBuilder said = new StringBuilder();
    for (String look : List.of("ls", "ls --json", "stat", "age", "check", "ls --long")) {
      SpoolCommand.Result result =
          shell("spool " + look + " " + box.root() + " 2>&1").under(OWNER).run();
      said.append(result.out());
    }
    said.append(
        shell(
                "spool work "
                    + box.root()
                    + " --drain --attempts 1 -- sh -c 'printf \"%s\\n\" \"$SPOOL_ID\"; cat $SPOOL_FILE; exit 65' 2>&1")
            .under(OWNER)
            .run()
            .ok()
            .out());
    said.append(shell("spool ls --state failed " + box.root() + " 2>&1").under(OWNER).run().out());
    said.append(box.line("cat errors/*").under(OWNER).run().ok().out());
    assertTrue(said.toString().contains("\\033]0;pwned\\007"), said::toString);
    String unprintable = said.toString().replaceAll("[ -~\n…─-▟]", "");
    assertEquals("", unprintable, () -> said + " in " + bytes(unprintable));
    assertFalse(Files.exists(trap), "a name was run as a command");
    assertEquals(14, box.names("failed").lines().filter(name -> name.contains("a=1")).count());
  }

  private static String bytes(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** His own job he may keep from coming back, by a directory where it would stand. */
  @Test
  void whoKeepsHisOwnJobFromComingBackHoldsUpNobodyElse() {
    String name = spool("put", box.root()).input("mine").under(MEMBER).run().ok().out().strip();
    String entry = box.names("new").strip();
    box.line("mkdir -p 'new/" + entry + ":2,,a=0/x' 'new/" + entry + ":2,,a=1/x'")
        .under(MEMBER)
        .run()
        .ok();
    assertTrue(entry.startsWith(name));
    SpoolCommand.Result failing =
        box.drain("--attempts 1 --backoff 0s", "sh", "-c", "kill -9 $PPID; sleep 1").failsWith(137);
    assertEquals("", failing.out());
    putByTheOther();
    assertEquals("honest\n", box.drain("", "cat").ok().out());
  }
}
