package org.spooldir.fs;

import java.io.IOException;
import java.util.List;

/** Makes calls fail. */
interface Weather {

  /** No call fails. */
  Weather FINE =
      new Weather() {
        @Override
        public void before(String call, List<String> steps) {}

        @Override
        public void after(String call, List<String> steps) {}
      };

  /** Before a call, the last of these steps; if this throws, it is not made. */
  void before(String call, List<String> steps) throws IOException;

  /** After a call; if this throws, it was made and is reported as failed. */
  void after(String call, List<String> steps) throws IOException;
}
