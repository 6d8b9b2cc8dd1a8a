package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Claim;
import org.spooldir.EnqueueUncertainException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Payload;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolFixture;
import org.spooldir.SpoolFixture.Background;
import org.spooldir.SpoolFullException;

/** E1 to E5 when the system says no. */
class EnqueueFailureTest extends SpoolTest {

  private static final String E2 = "force tmp/.*";
  private static final String E4 = "rename tmp/.* (new|delayed)/.*";
  private static final String E5 = "forceDirectory new";

  private void assertNothingIsIn(SpoolException thrown) throws IOException {
    assertEquals(InSpool.NO, thrown.jobIn());
    assertEquals(List.of(), thrown.enqueued());
    for (String each : List.of("tmp", "new", "delayed", "keys")) {
      assertEquals(List.of(), lab.names(each), "left in " + each);
    }
    assertEquals(List.of(), lab.events);
  }

  private static List<Job> jobs(int count) {
    return IntStream.range(0, count).mapToObj(i -> Job.of("job " + i)).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"create tmp/.*", "write tmp/.*", E2, "forceDirectory tmp", E4})
  void anErrorBeforeTheJobIsVisibleLeavesNothing(String step) throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(step).fails(Faults.broken());
    for (Job job : List.of(Job.of("x"), Job.of("x").key("k"), Job.of("x").delay(Lab.LONG))) {
      assertNothingIsIn(assertThrows(SpoolException.class, () -> spool.enqueue(job)));
    }
    lab.faults.clear();
    spool.enqueue(Job.of("x").key("k"));
    assertEquals(1, lab.names("new").size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"create tmp/.*", "write tmp/.*", E2, "forceDirectory tmp", E4})
  void aFullDiskLeavesNothingAndMayBeTriedAgain(String step) throws Exception {
    DirectorySpool spool = lab.open();
    for (String text : List.of("No space left on device", "Disk quota exceeded")) {
      lab.faults.on(step).fails(new FileSystemException("x", null, text));
      SpoolFullException thrown =
          assertThrows(SpoolFullException.class, () -> spool.enqueue(Job.of("x")));
      assertTrue(thrown.mayRetry());
      assertNothingIsIn(thrown);
      lab.faults.clear();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mkdir keys/.*", "link .*", "rename keys/.*"})
  void aFullDiskLeavesNoKeyBehind(String step) throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(step).fails(Faults.full());
    assertNothingIsIn(
        assertThrows(SpoolFullException.class, () -> spool.enqueue(Job.of("x").key("k"))));
    assertTrue(lab.faults.count(step) < 10, "tried " + lab.faults.count(step) + " times");
  }

  @Test
  @SuppressWarnings("NullAway") // as getResourceAsStream gives it
  void aPayloadThatOpensToNothingIsAFailureThatTellsWhatIsIn() throws Exception {
    DirectorySpool spool = lab.open();
    List<Job> jobs = new ArrayList<>(jobs(200));
    jobs.set(150, Job.of(() -> null));
    SpoolException thrown = assertThrows(SpoolException.class, () -> spool.enqueueAll(jobs));
    assertEquals(InSpool.NO, thrown.jobIn());
    assertEquals(128, thrown.enqueued().size(), "the batch before");
    assertEquals(128, lab.names("new").size());
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void aFileThatCouldNotBeForcedIsNeverForcedAgain() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E2).nth(1).fails(Faults.broken());
    assertThrows(SpoolException.class, () -> spool.enqueue(Job.of("x")));
    assertEquals(1, lab.faults.count(E2));
    spool.enqueue(Job.of("x"));
    assertEquals(2, lab.faults.matching(E2).stream().distinct().count());
  }

  @Test
  void aBigFileThatCouldNotBeForcedAheadIsNeverForcedAgain() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E2).nth(1).fails(Faults.broken());
    lab.faults
        .on("write tmp/.*")
        .nth(257) // of 128 KB each: what is behind the part forced ahead
        .first(() -> SpoolFixture.eventually().until(() -> lab.faults.count(E2) == 1));
    Job big = Job.of(new byte[ForcedAhead.STRIDE + 1]);
    assertNothingIsIn(assertThrows(SpoolException.class, () -> spool.enqueue(big)));
    assertEquals(257, lab.faults.count("write tmp/.*"));
    assertEquals(1, lab.faults.count(E2));
  }

  @Test
  void ifTheFileCannotBeTakenAwayTheFirstErrorIsTold() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E2).fails(Faults.full());
    lab.faults.on("delete tmp/.*").fails(Faults.broken());
    SpoolFullException thrown =
        assertThrows(SpoolFullException.class, () -> spool.enqueue(Job.of("x")));
    assertEquals(List.of(), lab.names("new"));
    assertEquals(1, thrown.getCause().getSuppressed().length, "and then the second one");
  }

  @Test
  void ifOneOfManyCannotBeTakenAwayTheFirstErrorIsTold() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on("forceDirectory tmp").fails(Faults.full());
    lab.faults.on("delete tmp/.*").fails(Faults.broken());
    SpoolFullException thrown =
        assertThrows(SpoolFullException.class, () -> spool.enqueueAll(jobs(3)));
    assertEquals(3, thrown.getCause().getSuppressed().length, "and then those");
    assertEquals(3, lab.names("tmp").size());
  }

  @Test
  void aLinkWhereTheJobIsToBeWrittenIsNotFollowedAndStays() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    DirectorySpool spool = lab.open();
    lab.faults
        .on("create tmp/.*")
        .first(
            () -> {
              String making = lab.faults.last().get(lab.faults.last().size() - 1);
              Files.createSymbolicLink(lab.root.resolve(making.substring(7)), file);
            });
    assertThrows(SpoolException.class, () -> spool.enqueue(Job.of("y")));
    assertEquals("x", Files.readString(file));
    assertEquals(1, lab.names("tmp").size());
  }

  @Test
  void anOldNameThatCannotBeRemovedIsTold() throws Exception {
    DirectorySpool spool = lab.open();
    Path file = Files.writeString(directory.resolve("file"), "x");
    lab.faults.on("delete .*file").fails(Faults.broken());
    JobId id = spool.enqueue(Job.of(Payload.adopt(file)));
    SpoolEvent.Trouble trouble = assertInstanceOf(SpoolEvent.Trouble.class, lab.events.get(0));
    assertTrue(trouble.what().contains("its old name cannot be removed"), trouble.what());
    assertEquals(new SpoolEvent.Enqueued(id), lab.events.get(1));
  }

  @Test
  void ofARenameThatFailedBeforeTheStorageWasAwayNobodyKnows() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on("rename tmp/.*").nth(2).failsAfterwards(Faults.broken());
    lab.faults.on("delete tmp/.*").fails(Faults.broken());
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueueAll(jobs(3)));
    assertEquals(1, thrown.enqueued().size());
    assertEquals(1, thrown.ids().size());
    assertEquals(2, lab.names("new").size());
  }

  @Test
  void anErrorInE5LeavesTheJobVisibleAndSaysSo() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E5).fails(Faults.broken());
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueue(Job.of("x")));
    assertEquals(InSpool.UNKNOWN, thrown.jobIn());
    assertFalse(thrown.mayRetry());
    assertEquals(1, lab.names("new").size());
    assertTrue(lab.names("new").get(0).startsWith(thrown.ids().get(0).value()));
    assertEquals(0, lab.faults.count("delete .*"));
  }

  @Test
  void anAdoptedFileStaysInItsPlaceUnlessAllIsWell() throws Exception {
    DirectorySpool spool = lab.open();
    Path file = Files.writeString(directory.resolve("file"), "x");
    Job job = Job.of(Payload.adopt(file));
    for (String step : List.of("link .*", E2, "forceDirectory tmp", "read tmp/.*", E4, E5)) {
      lab.faults.on(step).fails(Faults.broken());
      assertThrows(SpoolException.class, () -> spool.enqueue(job), step);
      assertEquals("x", Files.readString(file));
      assertEquals(List.of(), lab.names("tmp"));
      lab.faults.clear();
    }
  }

  @Test
  void aPayloadThatCannotBeReadLeavesNothing() throws Exception {
    DirectorySpool spool = lab.open();
    for (Exception broken : List.of(new IllegalStateException("closed"), new Exception("closed"))) {
      Job job = Job.of(unfit(broken, false));
      SpoolException thrown = assertThrows(SpoolException.class, () -> spool.enqueue(job));
      assertNothingIsIn(thrown);
      assertTrue(thrown.getMessage().contains("closed"), thrown.getMessage());
    }
  }

  /** What a caller's code may throw; other languages than Java throw what is not declared. */
  private static Stream<Throwable> thrown() {
    return Stream.of(
        new IllegalStateException("closed"), new StackOverflowError(), new Exception("undeclared"));
  }

  private static Payload unfit(Throwable thrown, boolean whenAskedForItsSize) {
    return new Payload() {
      @Override
      public OptionalLong size() {
        if (whenAskedForItsSize) {
          throw refusal();
        }
        return OptionalLong.empty();
      }

      @Override
      public InputStream open() {
        throw refusal();
      }

      private AssertionError refusal() {
        return EnqueueFailureTest.<RuntimeException>refusalWith(thrown);
      }
    };
  }

  @SuppressWarnings("unchecked") // which lets it throw what the compiler does not know of
  private static <T extends Throwable> AssertionError refusalWith(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @ParameterizedTest
  @MethodSource("thrown")
  void aPayloadThatThrowsWhatItMustNotLeavesNothingOfTheWholeBatch(Throwable broken)
      throws Exception {
    DirectorySpool spool = lab.open();
    Job key = Job.of("x").key("k");
    List<Job> jobs = List.of(Job.of("x"), key, Job.of(unfit(broken, true)), Job.of("y"));
    assertSame(broken, assertThrows(Throwable.class, () -> spool.enqueueAll(jobs)));
    for (String each : List.of("tmp", "new", "keys")) {
      assertEquals(List.of(), lab.names(each), "left in " + each);
    }
  }

  @Test
  void anErrorOfAPayloadThatIsOpenedLeavesNothing() throws Exception {
    DirectorySpool spool = lab.open();
    StackOverflowError broken = new StackOverflowError();
    List<Job> jobs = List.of(Job.of("x"), Job.of(unfit(broken, false)));
    assertSame(broken, assertThrows(Throwable.class, () -> spool.enqueueAll(jobs)));
    assertEquals(List.of(), lab.names("tmp"));
  }

  // ---- many at once ----

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 50, 99, 100})
  void ifOneOfManyThatAreForcedSideBySideFailsNoneIsIn(int nth) throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E2).nth(nth).fails(Faults.broken());
    assertNothingIsIn(assertThrows(SpoolException.class, () -> spool.enqueueAll(jobs(100))));
    assertEquals(0, lab.faults.count(E4));
  }

  /** Four producers, of whom three share the second fsync of a directory, which fails. */
  private List<Background<JobId>> whileTheSecondForceFails(String force) throws Exception {
    DirectorySpool spool = lab.open();
    CountDownLatch mayEnd = new CountDownLatch(1);
    lab.faults.on(force).nth(1).first(() -> Uninterruptibles.awaitUninterruptibly(mayEnd));
    lab.faults.on(force).nth(2).fails(Faults.broken());
    List<Background<JobId>> producers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String text = "job " + i;
      producers.add(SpoolFixture.inBackground(() -> spool.enqueue(Job.of(text))));
      producers.get(i).awaitWaiting();
    }
    assertEquals(1, lab.faults.count(force), "the others share the next one");
    mayEnd.countDown();
    return producers;
  }

  private static <T extends SpoolException> List<T> failures(
      List<Background<JobId>> producers, Class<T> kind) {
    return producers.stream()
        .map(each -> assertThrows(ExecutionException.class, each::result, "told yes").getCause())
        .map(kind::cast)
        .toList();
  }

  @Test
  void whoSharesAnE3ThatFailsIsToldThatHisJobIsNotIn() throws Exception {
    List<Background<JobId>> producers = whileTheSecondForceFails("forceDirectory tmp");
    String first = producers.get(0).result().value();
    for (SpoolException each : failures(producers.subList(1, 4), SpoolException.class)) {
      assertEquals(InSpool.NO, each.jobIn());
    }
    assertEquals(2, lab.faults.count("forceDirectory tmp"));
    assertTrue(lab.only("new").getFileName().toString().startsWith(first));
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void whoSharesAnE5ThatFailsIsToldThatHisJobIsUncertain() throws Exception {
    List<Background<JobId>> producers = whileTheSecondForceFails(E5);
    JobId first = producers.get(0).result();
    Set<JobId> told = new HashSet<>(Set.of(first));
    for (EnqueueUncertainException each :
        failures(producers.subList(1, 4), EnqueueUncertainException.class)) {
      assertEquals(1, each.ids().size());
      told.addAll(each.ids());
    }
    assertEquals(2, lab.faults.count(E5));
    assertEquals(4, told.size(), "each was told of his own job");
    assertEquals(4, lab.names("new").size());
    assertEquals(List.of(new SpoolEvent.Enqueued(first)), lab.events);
  }

  @Test
  void anErrorWhileManyAreWrittenLeavesNone() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E2).nth(3).fails(Faults.broken());
    assertNothingIsIn(assertThrows(SpoolException.class, () -> spool.enqueueAll(jobs(5))));
  }

  @Test
  void anErrorInTheMiddleTellsExactlyThoseThatAreIn() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E4).nth(3).fails(Faults.full());
    SpoolFullException thrown =
        assertThrows(SpoolFullException.class, () -> spool.enqueueAll(jobs(5)));
    assertEquals(2, thrown.enqueued().size());
    assertEquals(
        thrown.enqueued().stream().map(JobId::value).toList(),
        lab.names("new").stream().map(name -> name.substring(0, name.indexOf(','))).toList());
    assertEquals(List.of(), lab.names("tmp"));
    assertEquals(1, lab.faults.count(E5));
    assertEquals(thrown.enqueued().stream().map(SpoolEvent.Enqueued::new).toList(), lab.events);
  }

  @Test
  void allOfEarlierBatchesAreIn() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E2).nth(1500).fails(Faults.broken());
    SpoolException thrown = assertThrows(SpoolException.class, () -> spool.enqueueAll(jobs(2000)));
    assertEquals(thrown.enqueued().size(), lab.names("new").size());
    assertTrue(lab.names("new").size() >= 1000);
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void ifThoseInTheMiddleCannotBeForcedTheyAreUncertain() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E4).nth(3).fails(Faults.full());
    lab.faults.on(E5).fails(Faults.broken());
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueueAll(jobs(5)));
    assertEquals(2, thrown.ids().size());
    assertEquals(List.of(), thrown.enqueued());
    assertInstanceOf(SpoolFullException.class, thrown.getSuppressed()[0]);
  }

  @Test
  void allOfEarlierBatchesAreInWhateverBecomesOfTheLast() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E4).nth(130).fails(Faults.full());
    lab.faults.on(E5).nth(2).fails(Faults.broken());
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueueAll(jobs(131)));
    assertEquals(128, thrown.enqueued().size());
    assertEquals(1, thrown.ids().size());
  }

  // ---- network file systems ----

  @Test
  void whatCannotBeWrittenWhenItIsClosedIsNoYes() throws Exception {
    Ground real = Ground.of(lab.root);
    FileOps failing =
        new ForwardingFileOps(real.ops()) {
          @Override
          public NewFile create(Path file) throws IOException {
            NewFile made = super.create(file);
            return new NewFile() {
              @Override
              public void write(ByteBuffer bytes) throws IOException {
                made.write(bytes);
              }

              @Override
              public void force() throws IOException {
                made.force();
              }

              @Override
              public void close() throws IOException {
                made.close();
                throw Faults.full();
              }
            };
          }
        };
    Ground ground =
        new Ground(
            failing, real.clock(), real.nanoTime(), real.random(), real.names(), real.window());
    SpoolOptions options = Lab.OPTIONS.durability(Durability.PROCESS);
    try (DirectorySpool spool = DirectorySpool.open(lab.root, options, ground)) {
      assertThrows(SpoolFullException.class, () -> spool.enqueue(Job.of("x")));
      EnqueueUncertainException thrown =
          assertThrows(EnqueueUncertainException.class, () -> spool.enqueue(Job.of("x").key("k")));
      assertEquals(1, thrown.ids().size());
    }
    assertEquals(1, lab.names("new").size());
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void whereNobodyKnowsAllOfEarlierBatchesAreIn() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E4).nth(129).first(() -> Files.delete(lab.only("tmp")));
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueueAll(jobs(129)));
    assertEquals(128, thrown.enqueued().size());
    assertEquals(1, thrown.ids().size());
  }

  @Test
  void aRenameWhoseReplyWasLostIsDone() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E4).failsAfterwards(new NoSuchFileException("stale handle"));
    spool.enqueue(Job.of("x"));
    assertEquals(1, lab.names("new").size());
  }

  @Test
  void ifTheWrittenFileIsGoneNobodyKnows() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E4).first(() -> Files.delete(lab.only("tmp")));
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueue(Job.of("x")));
    assertEquals(1, thrown.ids().size());
    assertEquals(InSpool.UNKNOWN, thrown.jobIn());
  }

  @Test
  void aJobThatAWorkerHasIsIn() throws Exception {
    DirectorySpool spool = lab.open();
    DirectorySpool worker = lab.another().openWorker();
    AtomicReference<Claim> claim = new AtomicReference<>();
    lab.faults
        .on(E4)
        .first(
            () -> {
              Path draft = lab.only("tmp");
              String target = lab.faults.last().get(11).replaceFirst(".* ", "");
              Files.move(draft, lab.root.resolve(target));
              claim.set(Lab.claim(worker));
            });
    assertEquals(spool.enqueue(Job.of("x")), claim.get().id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"stat new/.*", "stat tmp/.*", "list cur"})
  void whereNobodyCanLookNobodyKnows(String look) throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E4).first(() -> Files.delete(lab.only("tmp")));
    lab.faults.on(look).fails(Faults.broken());
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueue(Job.of("x")));
    assertEquals(InSpool.UNKNOWN, thrown.jobIn());
    assertEquals(1, thrown.getCause().getSuppressed().length, "and why");
  }

  // ---- a written file that is gone in the middle of many ----

  private EnqueueUncertainException losingTheSecondOfThree() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults
        .on(E4)
        .nth(2)
        .first(() -> Files.delete(lab.root.resolve("tmp").resolve(lab.names("tmp").get(0))));
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueueAll(jobs(3)));
    assertEquals(InSpool.UNKNOWN, thrown.jobIn());
    assertEquals(1, lab.names("new").size());
    assertEquals(List.of(), lab.names("tmp"));
    assertEquals(1, lab.faults.count(E5));
    return thrown;
  }

  @Test
  void thoseBeforeOneThatIsGoneAreIn() throws Exception {
    EnqueueUncertainException thrown = losingTheSecondOfThree();
    assertEquals(1, thrown.enqueued().size());
    assertTrue(lab.names("new").get(0).startsWith(thrown.enqueued().get(0).value()));
    assertEquals(1, thrown.ids().size());
    assertFalse(thrown.enqueued().contains(thrown.ids().get(0)));
    assertEquals(List.of(new SpoolEvent.Enqueued(thrown.enqueued().get(0))), lab.events);
  }

  @Test
  void ifThoseBeforeOneThatIsGoneCannotBeForcedAllAreUncertain() throws Exception {
    lab.faults.on(E5).fails(Faults.broken());
    EnqueueUncertainException thrown = losingTheSecondOfThree();
    assertEquals(List.of(), thrown.enqueued());
    assertEquals(2, thrown.ids().size());
    assertTrue(lab.names("new").get(0).startsWith(thrown.ids().get(0).value()));
    assertEquals(List.of(), lab.events);
    assertInstanceOf(EnqueueUncertainException.class, thrown.getSuppressed()[0]);
  }

  @ParameterizedTest
  @EnumSource(Durability.class) // where nothing is forced, E4 is the only one to notice
  void aMissingDirectoryIsSaidToBeMissing(Durability level) throws Exception {
    for (Job job : List.of(Job.of("x"), Job.of("x").key("k"))) {
      assertSaidToBeMissing(lab.open(Lab.OPTIONS.durability(level)), job);
    }
  }

  private void assertSaidToBeMissing(DirectorySpool spool, Job job) throws Exception {
    Files.delete(lab.root.resolve("new"));
    SpoolException thrown = assertThrows(SpoolException.class, () -> spool.enqueue(job));
    assertTrue(thrown.getMessage().contains("is gone"), thrown.getMessage());
    assertEquals(InSpool.NO, thrown.jobIn());
    Files.createDirectory(lab.root.resolve("new"));
    assertNothingIsIn(thrown);
  }

  @Test
  void aLinkIsNotAdopted() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    SpoolException thrown =
        assertThrows(SpoolException.class, () -> lab.open().enqueue(Job.of(Payload.adopt(link))));
    assertTrue(thrown.getMessage().contains("is no regular file"), thrown.getMessage());
    assertEquals(List.of(), lab.names("tmp"));
    assertEquals(0, lab.faults.count("link .*"));
  }

  @Test
  void aJobThatSomebodyElseHasMovedOnIsIn() throws Exception {
    DirectorySpool spool = lab.open(Lab.OPTIONS.durability(Durability.PROCESS));
    lab.faults
        .on("rename tmp/.* new/.*")
        .first(
            () -> {
              Path written = lab.only("tmp");
              Files.move(written, lab.root.resolve("held").resolve(written.getFileName()));
            });
    JobId id = spool.enqueue(Job.of("x"));
    assertEquals(JobState.HELD, spool.inspector().find(id).orElseThrow().state());
  }
}
