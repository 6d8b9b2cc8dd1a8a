package org.spooldir;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the API may be made of, so that any engine can keep it. */
final class ApiRulesTest {

  private static final JavaClasses API =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.spooldir");

  /** Add a type only if users must name it. */
  private static final Set<String> PUBLIC_TYPES =
      Set.of(
          "org.spooldir.AdoptedFile",
          "org.spooldir.Claim",
          "org.spooldir.ClaimLostException",
          "org.spooldir.CorruptEntryException",
          "org.spooldir.EnqueueUncertainException",
          "org.spooldir.Failure",
          "org.spooldir.Job",
          "org.spooldir.JobId",
          "org.spooldir.JobRecord",
          "org.spooldir.JobSnapshot",
          "org.spooldir.JobState",
          "org.spooldir.MaintenanceReport",
          "org.spooldir.Payload",
          "org.spooldir.RecoveryReport",
          "org.spooldir.Spool",
          "org.spooldir.SpoolEvent",
          "org.spooldir.SpoolException",
          "org.spooldir.SpoolFormatException",
          "org.spooldir.SpoolFullException",
          "org.spooldir.SpoolInspector",
          "org.spooldir.SpoolListener",
          "org.spooldir.SpoolMaintenance",
          "org.spooldir.SpoolProvider",
          "org.spooldir.SpoolStats",
          "org.spooldir.Spools",
          "org.spooldir.worker.JobHandler",
          "org.spooldir.worker.RejectException",
          "org.spooldir.worker.RetryLaterException",
          "org.spooldir.worker.RetryPolicy",
          "org.spooldir.worker.Worker");

  @Test
  void publicTypesAreOnTheList() {
    Set<String> found =
        API.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(JavaClass::isTopLevelClass)
            .map(JavaClass::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(PUBLIC_TYPES), found);
  }

  @Test
  void theApiNeedsNothingButJavaBaseAndJspecify() {
    Set<String> base = Object.class.getModule().getPackages();
    DescribedPredicate<JavaClass> allowed =
        describe(
            "in java.base, JSpecify or the API itself",
            type ->
                type.isPrimitive()
                    || type.isArray()
                    || base.contains(type.getPackageName())
                    || type.getPackageName().equals("org.jspecify.annotations")
                    || API.contain(type.getName()));
    classes().should().onlyDependOnClassesThat(allowed).check(API);
  }

  @Test
  void theQueueDoesNotKnowTheWorker() {
    noClasses()
        .that()
        .resideInAPackage("org.spooldir")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.spooldir.worker")
        .check(API);
  }

  @Test
  void nothingThatASpoolReturnsIsAPath() {
    DescribedPredicate<JavaMethod> aPath =
        describe(
            "return a Path",
            method ->
                method.getReturnType().getAllInvolvedRawTypes().stream()
                    .anyMatch(type -> type.isEquivalentTo(Path.class)));
    methods()
        .that()
        .arePublic()
        .and(describe("are not AdoptedFile.file()", method -> !isAdoptedFile(method)))
        .should(be(DescribedPredicate.not(aPath)))
        .check(API);
  }

  private static boolean isAdoptedFile(JavaMethod method) {
    return method.getOwner().isEquivalentTo(AdoptedFile.class) && method.getName().equals("file");
  }

  @Test
  void nobodyReadsTheWallClock() {
    Set<String> clocks =
        Set.of("now", "currentTimeMillis", "systemUTC", "systemDefaultZone", "system");
    DescribedPredicate<JavaCall<?>> readsTheClock =
        describe(
            "read the wall clock",
            call ->
                clocks.contains(call.getName())
                    && (call.getTargetOwner().getPackageName().equals("java.time")
                        || call.getTargetOwner().isEquivalentTo(System.class)));
    noClasses().should().callCodeUnitWhere(readsTheClock).check(API);
  }
}
