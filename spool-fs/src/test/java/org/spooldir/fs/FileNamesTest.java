package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** File names as bytes. */
class FileNamesTest {

  @TempDir private Path directory;

  @Test
  void everyByteOfANameSurvives() throws Exception {
    List<String> names = new ArrayList<>();
    for (char c = 1; c < 256; c++) {
      if (c != '/') {
        names.add("a" + c + "z");
        names.add("" + c);
      }
    }
    names.remove(".");
    RawNames.create(directory, names);
    TreeSet<String> found = new TreeSet<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(directory)) {
      for (Path file : listing) {
        String text = FileNames.textOf(file);
        found.add(text);
        assertEquals(file, FileNames.in(directory, text));
        assertTrue(Files.exists(FileNames.in(directory, text)));
      }
    }
    assertEquals(new TreeSet<>(names), found);
  }

  @Test
  void namesAreFoundInDirectoriesOfAnyName() throws Exception {
    RawNames.createDirectory(directory, "d\u00ff %41 d");
    Path odd = FileNames.in(directory, "d\u00ff %41 d");
    RawNames.create(odd, List.of("f\u00fe", "%42", "plain"));
    for (String name : List.of("f\u00fe", "%42", "plain")) {
      assertTrue(Files.exists(FileNames.in(odd, name)), name);
      assertEquals(name, FileNames.textOf(FileNames.in(odd, name)));
    }
  }

  @Test
  void aDirectoryHasANameToo() throws Exception {
    RawNames.createDirectory(directory, "d\u00ff");
    assertEquals("d\u00ff", FileNames.textOf(FileNames.in(directory, "d\u00ff")));
  }

  @Test
  void aRelativePathHasTheSameName() {
    Path name = FileNames.in(directory, "f\u00fe").getFileName();
    assertEquals("f\u00fe", FileNames.textOf(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "/", "a/b", "/etc/passwd", "../x", "\u00ff/x"})
  void whatIsNoNameIsNoFile(String text) {
    assertThrows(IllegalArgumentException.class, () -> FileNames.in(directory, text));
  }

  @ParameterizedTest
  @CsvSource({
    "job.txt,job.txt",
    "'a b','a\\040b'",
    "a\\b,a\\134b",
    "'a\u001b[31mb','a\\033[31mb'",
    "'a\u0000b','a\\000b'",
    "a\u007fb,a\\177b",
    "a\u0080b\u00ff,a\\200b\\377",
    "a/b,a\\057b",
    "'a\nb','a\\012b'"
  })
  void whatCouldHarmATerminalIsEscaped(String text, String expected) {
    assertEquals(expected, FileNames.escape(text));
  }

  @Test
  void aPathIsEscapedNameByName() throws Exception {
    RawNames.createDirectory(directory, "d\n");
    Path file = FileNames.in(FileNames.in(directory, "d\n"), "f\u00ff");
    assertEquals(directory + "/d\\012/f\\377", FileNames.escape(file));
    assertEquals("/", FileNames.escape(Path.of("/")));
    assertEquals("/tmp", FileNames.escape(Path.of("/tmp")));
    assertEquals("a/b", FileNames.escape(Path.of("a/b")));
  }

  @Test
  void escapedTextIsPrintable() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 256; i++) {
      all.append((char) i);
    }
    String escaped = FileNames.escape(all.toString());
    assertTrue(escaped.chars().allMatch(c -> c > ' ' && c <= '~' && c != '/'), escaped);
    assertEquals(escaped, new String(escaped.getBytes(ISO_8859_1), ISO_8859_1));
  }
}
