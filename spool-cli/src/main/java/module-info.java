/** The command line. */
module org.spooldir.cli {
  requires org.spooldir.fs;
  requires info.picocli;
  requires java.logging;
  requires jdk.unsupported;
  requires static org.jspecify;
}
