/** Metrics of a spool, for Micrometer. */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // Micrometer has a name, but no module-info
module org.spooldir.micrometer {
  requires transitive org.spooldir;
  requires transitive micrometer.core;
  requires static org.jspecify;

  exports org.spooldir.micrometer;
}
