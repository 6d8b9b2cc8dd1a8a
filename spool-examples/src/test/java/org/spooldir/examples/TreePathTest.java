package org.spooldir.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths as text that stands for any name. */
class TreePathTest {

  @TempDir private Path root;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "a/b/c.txt",
        "%20",
        "new%0Aline",
        "%C3%BCber",
        "no%FFtext%FE",
        "50%25",
        "a%3Fb%23c"
      })
  void everyNameComesBackAsItWas(String text) throws Exception {
    Path file = Path.of(URI.create(root.toUri() + text));
    Files.createDirectories(file.getParent());
    Files.createFile(file);

    TreePath path = TreePath.of(root, file);

    assertEquals(file, path.in(root));
    assertTrue(Files.exists(path.in(root)));
    assertEquals(file + ".gz", path.in(root, ".gz").toString());
    assertTrue(path.text().chars().allMatch(c -> c > ' ' && c <= '~'), path.text());
  }

  @Test
  void theRootNeedNotBeThere() {
    Path absent = root.resolve("absent");
    assertEquals(absent.resolve("a/b"), new TreePath("a/b").in(absent));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "a/../../evil", "%2E%2E/evil", "", ".", "a%00b", "%zz"})
  void nothingLeadsOutOfTheRoot(String text) {
    assertThrows(IllegalArgumentException.class, () -> new TreePath(text).in(root));
  }

  @Test
  void countsTheBytesOfTheLastName() {
    assertEquals(4, new TreePath("directory/a%20%FFb").nameLength());
  }

  @Test
  void sharesAreAboutEqual() {
    long first =
        List.of("changelog", "copyright", "README", "NEWS", "a", "b", "c", "d", "e", "f").stream()
            .flatMap(name -> IntStream.range(0, 100).mapToObj(i -> i + "/" + name))
            .filter(text -> new TreePath(text).fraction() < 0.5)
            .count();
    assertTrue(first > 400 && first < 600, "of 1000 paths: " + first);
  }
}
