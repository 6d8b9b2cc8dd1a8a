package org.spooldir.cli;

import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A drop box and its people, who are really other users: its owner, who works; two members, who do
 * not trust each other; a stranger.
 */
record DropBox(Path root) {

  private static final String GROUP = "42424";
  static final String[] OWNER = OtherUser.of("42420", "--groups=" + GROUP);
  static final String[] MEMBER = OtherUser.of("42421", "--groups=" + GROUP);
  static final String[] OTHER_MEMBER = OtherUser.of("42422", "--groups=" + GROUP);
  static final String[] STRANGER = OtherUser.of("42423", "--clear-groups");

  /** Makes one, in a home that all may pass; skips the test where there is no being them. */
  static DropBox in(Path directory) {
    OtherUser.assumeRunsSpool(STRANGER);
    Path root = directory.resolve("home/box");
    shell("chmod 711 . && install -d -o 42420 -g 42420 home").in(directory).run().ok();
    shell(
            "umask 077 && spool init box --access dropbox --reserve 0 && chgrp "
                + GROUP
                + " box box/tmp box/new box/spool.format")
        .in(directory.resolve("home"))
        .under(OWNER)
        .run()
        .ok();
    return new DropBox(root);
  }

  /** A line of shell in the drop box. */
  SpoolCommand line(String line) {
    return shell("cd " + root + " && " + line);
  }

  /** The names in directories of it. */
  String names(String where) {
    return line("ls -A " + where).under(OWNER).run().ok().out();
  }

  /**
   * Plants one of each kind of thing that is no file, each under a name of another program's and
   * one of ours. The device is root's work; no member can make one.
   *
   * @param secret what links lead to
   * @return how many they are
   */
  int plantStrangers(Path secret) {
    int made = 0;
    for (String prefix :
        List.of("0-", "0000000001.M000001P1Q1R0123456789abcdef.host,S=6,C=00000000,P=9-")) {
      for (String make :
          List.of(
              "ln -s " + secret + " 'new/%slink'",
              "ln -s nowhere 'new/%sdangling'",
              "ln -s . 'new/%sloop'",
              "mkfifo 'new/%sfifo'",
              "mkdir 'new/%sempty'",
              "mkdir 'new/%sfull'; echo x > 'new/%sfull/file'",
              "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"tmp/s\")' && mv tmp/s 'new/%ssocket'")) {
        line(make.replace("%s", prefix)).under(MEMBER).run().ok();
        made++;
      }
      line("mknod -m 666 'new/" + prefix + "device' c 1 3").run().ok();
      made++;
    }
    return made;
  }

  /** The owner works off what is there; what the command prints. */
  SpoolCommand.Result drain(String options, String... command) {
    List<Object> words = new ArrayList<>(List.of("work", root, "--drain", "--quiet"));
    words.addAll(options.isEmpty() ? List.of() : Arrays.asList(options.split(" ")));
    words.add("--");
    words.addAll(List.of(command));
    return spool(words.toArray()).under(OWNER).run();
  }

  /** Why the only dead letter there is became one; it is discarded then. */
  String reason() {
    String reason =
        line("cat errors/* && rm -r errors/* failed/* && ls -A errors failed")
            .under(OWNER)
            .run()
            .ok()
            .out();
    return reason.lines().findFirst().orElseThrow();
  }
}
