package org.spooldir.fs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** Rules that the compiler does not know. */
@AnalyzeClasses(packages = "org.spooldir.fs", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  /** What changes a file system, or makes it durable. */
  private static final Set<String> CHANGES =
      Set.of(
          "move",
          "delete",
          "deleteIfExists",
          "deleteFile",
          "deleteDirectory",
          "createLink",
          "createSymbolicLink",
          "createFile",
          "createDirectory",
          "createDirectories",
          "createTempFile",
          "createTempDirectory",
          "copy",
          "write",
          "writeString",
          "newOutputStream",
          "newByteChannel",
          "newBufferedWriter",
          "setLastModifiedTime",
          "setAttribute",
          "setOwner",
          "setPosixFilePermissions");

  private static final Set<String> CHANGERS =
      Set.of("java.nio.file.Files", "java.nio.file.SecureDirectoryStream");

  @ArchTest
  static final ArchRule ONLY_THE_DOOR_CHANGES_FILES =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.(NioFileOps|Unlinker|OpenDirectory\\$Named)")
          .should()
          .callMethodWhere(
              describe(
                  "something in a file system is changed",
                  (JavaMethodCall call) ->
                      CHANGERS.contains(call.getTargetOwner().getName())
                          && CHANGES.contains(call.getName())))
          .because("there is one door to the operating system, and tests stand behind it");

  @ArchTest
  static final ArchRule ONLY_THE_DOOR_UNLINKS =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.(NioFileOps|Unlinker)")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Unlinker.class);

  @ArchTest
  static final ArchRule ONLY_THE_DOOR_HAS_CHANNELS =
      noClasses()
          .that()
          .haveNameNotMatching(
              ".*\\.(NioFileOps|ContentReader|HeldDirectory|OpenDirectory)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.nio.channels.FileChannel");

  @ArchTest
  static final ArchRule ONLY_THE_GROUND_KNOWS_THE_TIME =
      noClasses()
          .that()
          .haveNameNotMatching(".*\\.(Ground|UniqueNames)(\\$.*)?")
          .should()
          .callMethodWhere(
              describe(
                  "the machine is asked for the time",
                  (JavaMethodCall call) ->
                      (call.getTargetOwner().getName().equals("java.lang.System")
                              && Set.of("currentTimeMillis", "nanoTime").contains(call.getName()))
                          || (call.getTargetOwner().getName().equals("java.time.Instant")
                              && call.getName().equals("now"))
                          || (Set.of("java.time.Clock", "java.time.InstantSource")
                                  .contains(call.getTargetOwner().getName())
                              && call.getName().startsWith("system"))))
          .because("tests have clocks of their own");

  @ArchTest
  static final ArchRule FEW_TYPES_ARE_PUBLIC =
      classes()
          .that()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .should()
          .haveNameMatching(
              ".*\\.(DirectorySpool|DirectorySpoolProvider|SpoolOptions|Durability|Access|SpoolCheck|Finding|FileSystemExam|Trait)");

  @ArchTest
  static final ArchRule AN_ENGINE_KNOWS_NO_WORKER =
      noClasses().should().dependOnClassesThat().resideInAPackage("org.spooldir.worker..");

  @ArchTest
  static final ArchRule LOGS_GO_TO_THE_SYSTEM_LOGGER =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.logging..", "org.slf4j..");
}
