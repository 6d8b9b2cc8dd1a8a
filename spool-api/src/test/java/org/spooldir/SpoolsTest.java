package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceConfigurationError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Here the engine of the tests is the only one on the class path. */
final class SpoolsTest {

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @TempDir private Path directory;

  @AfterEach
  void putTheLoaderBack() {
    Thread.currentThread().setContextClassLoader(before);
  }

  @Test
  void theSchemeChoosesTheEngineWhateverItsCase() throws IOException {
    try (Spool spool = Spools.open(URI.create("MEMORY:one"));
        Spool same = Spools.open(URI.create("memory:one"));
        Spool other = Spools.open(URI.create("memory:two"))) {
      assertInstanceOf(MemorySpool.class, spool);
      JobId id = spool.enqueue(Job.of("a job"));
      assertTrue(other.claim().isEmpty());
      assertEquals(id, same.claim().orElseThrow().id());
    }
  }

  @Test
  void anUnknownSchemeSaysWhatToAddAndWhatIsThere() {
    SpoolFormatException refused = refused("spool:///var/spool/jobs");
    assertTrue(refused.getMessage().contains("org.spooldir:spool-fs"), refused.getMessage());
    assertTrue(refused.getMessage().endsWith("At hand: memory:"), refused.getMessage());
    assertEquals("open", refused.operation());
    assertEquals("spool", refused.path());
    assertEquals(SpoolException.InSpool.NO, refused.jobIn());
    assertFalse(refused.mayRetry());
  }

  @Test
  void thePasswordOfAnUnknownEngineIsNotTold() {
    assertFalse(refused("table://me:secret@host/jobs").getMessage().contains("secret"));
  }

  @Test
  void aPathIsNoUri() {
    String message = refused("/var/spool/jobs").getMessage();
    assertTrue(message.contains("spool:///DIR"), message);
  }

  @Test
  void aThreadWhoseLoaderKnowsNoEngineFindsThoseBesideTheApi() throws IOException {
    Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try (Spool spool = Spools.open(URI.create("memory:one"))) {
      assertInstanceOf(MemorySpool.class, spool);
    }
  }

  @Test
  void anEngineThatCannotBeLoadedIsTold() throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve(SpoolProvider.class.getName()), "org.example.Gone\n");
    try (URLClassLoader broken =
        new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
      Thread.currentThread().setContextClassLoader(broken);
      SpoolFormatException refused = refused("table:jobs");
      assertInstanceOf(ServiceConfigurationError.class, refused.getCause());
      assertTrue(refused.getCause().getMessage().contains("org.example.Gone"));
    }
  }

  private static SpoolFormatException refused(String uri) {
    return assertThrows(SpoolFormatException.class, () -> Spools.open(URI.create(uri)));
  }
}
