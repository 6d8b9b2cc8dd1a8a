/** What a spool promises, and the worker that runs handlers on any spool. */
module org.spooldir {
  requires static transitive org.jspecify;

  exports org.spooldir;
  exports org.spooldir.worker;

  uses org.spooldir.SpoolProvider;
}
