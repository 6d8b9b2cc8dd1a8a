package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.spooldir.fs.Trait.Fitness;

/** What the probes make of a file system that cannot do something. */
class FileSystemProbesTest extends SpoolTest {

  private Map<String, Fitness> probe(@Nullable SpoolLayout spool) throws Exception {
    Map<String, Fitness> traits = new LinkedHashMap<>();
    Path scratch = Files.createTempDirectory(directory, "scratch");
    SplittableRandom random = new SplittableRandom(1);
    Ground ground =
        new Ground(
            lab.ops,
            lab.time,
            lab.time::nanoTime,
            random,
            new UniqueNames(lab.time, random, 1, "h"),
            Lab.WINDOW);
    new FileSystemProbes(ground, scratch, spool, trait -> traits.put(trait.name(), trait.fitness()))
        .run();
    return traits;
  }

  private void refuse(String call) {
    lab.faults.on(call).fails(new FileSystemException("x", null, "Operation not permitted"));
  }

  @Test
  void withoutHardLinksThereAreNoKeys() throws Exception {
    refuse("link .*");
    assertEquals(Fitness.LIMITED, probe(null).get("hard links"));
  }

  @Test
  void withoutAColonAnotherSeparatorIsNeededSoASpoolWithColonsIsNotFit() throws Exception {
    refuse("create .*colon:2.*");
    assertEquals(Fitness.LIMITED, probe(null).get("colon in names"));
    assertEquals(
        Fitness.LIMITED,
        probe(new SpoolLayout(lab.root, SpoolFormat.of(Lab.OPTIONS.separator(';'))))
            .get("colon in names"));
    assertEquals(Fitness.UNFIT, probe(lab.layout()).get("colon in names"));
  }

  @Test
  void shortNamesAreNotEnough() throws Exception {
    refuse("create .*nnnn.*");
    assertEquals(Fitness.UNFIT, probe(null).get("name length"));
  }

  @Test
  void withoutFsyncOfDirectoriesNothingIsDurable() throws Exception {
    refuse("forceDirectory .*");
    assertEquals(Fitness.UNFIT, probe(null).get("fsync"));
  }

  @Test
  void withoutRenameThereIsNoSpool() throws Exception {
    refuse("rename .*");
    assertEquals(Fitness.UNFIT, probe(null).get("rename"));
  }

  @Test
  void clocksThatAreMonthsApartAreALimit() throws Exception {
    assertEquals(Fitness.LIMITED, probe(null).get("clock")); // the one of the laboratory
  }
}
