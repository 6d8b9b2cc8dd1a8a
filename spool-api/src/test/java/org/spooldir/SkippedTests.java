package org.spooldir;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Prints what does not run, and why. Surefire does not even count a class whose {@code @BeforeAll}
 * gives up: a whole layer would be gone, and the build green.
 */
public final class SkippedTests implements TestExecutionListener {

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    print(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == Status.ABORTED) {
      print(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
    }
  }

  private static void print(TestIdentifier test, String reason) {
    System.out.println("SKIPPED " + name(test) + ": " + reason);
  }

  private static String name(TestIdentifier test) {
    String display = test.getDisplayName();
    return test.getSource()
        .map(
            source -> {
              if (source instanceof MethodSource method) {
                String name = method.getMethodName();
                return method.getClassName()
                    + (display.startsWith(name) ? " " : " " + name + " ")
                    + display;
              }
              return source instanceof ClassSource type ? type.getClassName() : display;
            })
        .orElse(display);
  }
}
