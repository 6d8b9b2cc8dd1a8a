package org.spooldir.benchmarks;

/** One section of the report. */
interface Benchmark {

  /**
   * Measures and reports.
   *
   * @param disk where
   * @param scale how much
   */
  void run(Disk disk, Scale scale, Report report) throws Exception;
}
