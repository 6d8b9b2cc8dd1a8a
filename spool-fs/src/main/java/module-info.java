/** A spool that is a directory: every job a file, every state change one rename. */
module org.spooldir.fs {
  requires transitive org.spooldir;
  requires com.google.common;
  requires org.apache.commons.io;
  requires static org.jspecify;

  exports org.spooldir.fs;

  provides org.spooldir.SpoolProvider with
      org.spooldir.fs.DirectorySpoolProvider;
}
