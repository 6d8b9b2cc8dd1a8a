package org.spooldir.examples;

/** The arguments of {@link Archive} make no sense, or cannot work here. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String problem) {
    super(problem);
  }
}
