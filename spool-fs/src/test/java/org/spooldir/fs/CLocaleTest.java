package org.spooldir.fs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A JVM in the C locale, as cron and systemd start it: it has no text for names beyond ASCII. */
class CLocaleTest extends SpoolTest {

  @Test
  void theSpoolItselfMayHaveANameBeyondAscii() throws Exception {
    RawNames.createDirectory(directory, "d\u00c3\u00bcr\u00ff");
    Path odd = FileNames.in(directory, "d\u00c3\u00bcr\u00ff").resolve("spool");
    Files.move(lab.root, odd);
    // An argument cannot carry that name, so it goes by a link.
    Path link = Files.createSymbolicLink(directory.resolve("link"), odd);
    ChildJvm.run(List.of(), Map.of("LC_ALL", "C"), HostileNamesLife.class, link);
  }
}
