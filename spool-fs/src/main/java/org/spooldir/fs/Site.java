package org.spooldir.fs;

import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * One open spool, as all its parts share it.
 *
 * @param layout where things are
 * @param options what the user asked for
 * @param ground what it stands on
 * @param ready {@code new/}, as who claims names its files
 * @param claimed {@code cur/}, likewise
 * @param syncs which directories are forced when
 * @param reserve room for a full disk
 * @param events who hears of it
 */
record Site(
    SpoolLayout layout,
    SpoolOptions options,
    Ground ground,
    FileOps.BusyDirectory ready,
    FileOps.BusyDirectory claimed,
    Syncs syncs,
    Reserve reserve,
    Events events) {

  static Site of(SpoolLayout layout, SpoolOptions options, Ground ground) {
    return new Site(
        layout,
        options,
        ground,
        ground.ops().busyDirectory(layout.ready()),
        ground.ops().busyDirectory(layout.claimed()),
        new Syncs(ground.ops(), options.durability()),
        new Reserve(ground.ops(), layout, options.reserve()),
        new Events(options.listener()));
  }

  FileOps ops() {
    return ground.ops();
  }

  InstantSource clock() {
    return ground.clock();
  }

  LongSupplier nanoTime() {
    return ground.nanoTime();
  }

  RandomGenerator random() {
    return ground.random();
  }

  UniqueNames names() {
    return ground.names();
  }
}
