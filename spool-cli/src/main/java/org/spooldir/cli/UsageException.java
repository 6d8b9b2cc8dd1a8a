package org.spooldir.cli;

/** The command line is wrong. The message says which part, and what is expected there. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
