package org.spooldir.benchmarks;

import java.nio.file.Path;
import java.util.Map;

/**
 * One side of a contest: something that does the work in an empty directory.
 *
 * @param name as the tables show it
 * @param work does it once, and tells its figures by what they count
 */
record Contender(String name, Work work) {

  /** What is done, in a directory of its own. */
  interface Work {
    Map<String, Double> in(Path directory) throws Exception;
  }
}
