package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a command gets to read, and what if that cannot be read. */
class CommandInputTest {

  private final List<String> happened = new ArrayList<>();

  private final ByteArrayOutputStream pipe =
      new ByteArrayOutputStream() {
        @Override
        public void close() {
          happened.add("closed");
        }
      };

  private static InputStream fail(Throwable failure) throws IOException {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException bug) {
      throw bug;
    }
    throw (IOException) failure;
  }

  @Test
  void anyFailureEndsTheCommandBeforeItsInputEnds() throws Exception {
    for (Throwable failure :
        List.of(new IOException("io"), new IllegalStateException("bug"), new OutOfMemoryError())) {
      happened.clear();
      CommandInput input =
          new CommandInput(() -> fail(failure), pipe, () -> happened.add("terminated"));
      input.start();
      input.join();
      assertEquals(List.of("terminated", "closed"), happened);
      assertSame(failure, assertThrows(IOException.class, input::check).getCause());
    }
  }
}
