package org.spooldir.examples;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** What was handed in, by the word of the producers: a file with one line for each job. */
final class Manifest implements Closeable {

  /**
   * One job.
   *
   * @param sha256 of the file as it was handed in
   * @param job the id of the job
   * @param path of the file in the tree
   */
  record Entry(String sha256, String job, TreePath path) {}

  /** Gets one entry after the other. */
  interface Visitor {
    void visit(Entry entry) throws IOException;
  }

  private final Writer lines;

  /** Begins a new one. */
  Manifest(Path file) throws IOException {
    this.lines = Files.newBufferedWriter(file);
  }

  /** Adds an entry. */
  synchronized void add(Entry entry) throws IOException {
    lines.write(entry.sha256() + " " + entry.job() + " " + entry.path() + "\n");
  }

  @Override
  public synchronized void close() throws IOException {
    lines.close();
  }

  /** Reads one. */
  static void forEach(Path file, Visitor visitor) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", 3);
        visitor.visit(new Entry(words[0], words[1], new TreePath(words[2])));
      }
    }
  }
}
