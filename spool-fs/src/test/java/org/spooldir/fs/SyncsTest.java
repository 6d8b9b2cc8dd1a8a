package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is forced after a move, in which order, and what need not be. */
class SyncsTest {

  private static final Path TARGET = Path.of("cur");
  private static final Path SOURCE = Path.of("new");

  private final List<Path> forced = Collections.synchronizedList(new ArrayList<>());
  private boolean othersForceTheSource; // while the target is forced
  private boolean broken; // the source
  private final Syncs syncs = syncs(Durability.FULL);

  private Syncs syncs(Durability level) {
    return new Syncs(
        new ForwardingFileOps(NioFileOps.on(SOURCE)) {
          @Override
          public ForcedDirectory forced(Path directory) {
            return () -> record(directory);
          }
        },
        level);
  }

  private void record(Path directory) throws IOException {
    forced.add(directory);
    if (broken && directory.equals(SOURCE)) {
      throw new IOException("broken");
    }
    if (othersForceTheSource && directory.equals(TARGET)) {
      CompletableFuture.runAsync(this::forceSource).join();
    }
  }

  private void forceSource() {
    try {
      syncs.removed(SOURCE);
    } catch (IOException e) {
      // theirs to tell
    }
  }

  @Test
  void theTargetOfAMoveIsForcedBeforeItsSource() throws Exception {
    syncs.moved(TARGET, SOURCE);
    syncs.kept(TARGET, SOURCE);
    assertEquals(List.of(TARGET, SOURCE, TARGET, SOURCE), forced);
  }

  @Test
  void whatOthersForcedBeforeTheMoveIsForcedAgain() throws Exception {
    forceSource();
    syncs.moved(TARGET, SOURCE);
    assertEquals(List.of(SOURCE, TARGET, SOURCE), forced);
  }

  @Test
  void whatOthersForceAfterTheMoveIsNotForcedAgain() throws Exception {
    othersForceTheSource = true;
    syncs.moved(TARGET, SOURCE);
    assertEquals(List.of(TARGET, SOURCE), forced);
  }

  @Test
  void whatOthersFailedToForceAfterTheMoveIsNoMoreForcedThanThat() {
    othersForceTheSource = true;
    broken = true;
    assertThrows(IOException.class, () -> syncs.moved(TARGET, SOURCE));
    assertEquals(List.of(TARGET, SOURCE), forced);
  }

  @Test
  void movesOfClaimsAreForcedAtFullAlone() throws Exception {
    for (Durability level : Durability.values()) {
      Syncs each = syncs(level);
      each.moved(TARGET, SOURCE);
      each.removed(SOURCE);
    }
    assertEquals(List.of(TARGET, SOURCE, SOURCE), forced);
  }

  @Test
  void whatIsKeptIsForcedAtEachLevelButTheLowest() throws Exception {
    syncs(Durability.PROCESS).kept(TARGET, SOURCE);
    assertEquals(List.of(), forced);
    syncs(Durability.ENQUEUE).kept(TARGET, SOURCE);
    assertEquals(List.of(TARGET, SOURCE), forced);
  }
}
