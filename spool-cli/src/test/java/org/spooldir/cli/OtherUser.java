package org.spooldir.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Commands to put in front of another one, which run it as a user who is really another. */
final class OtherUser {

  private static final String RUNS_SPOOL =
      "[ -r spool-cli/target/lib/spool-cli.jar ] && [ -x spool ] && [ -x \"$JAVA_HOME\" ]";

  private OtherUser() {}

  /** Nobody. Skips the test where only we ourselves can run {@code spool}. */
  static String[] nobody() {
    String[] nobody = of("65534", "--clear-groups");
    assumeRunsSpool(nobody);
    return nobody;
  }

  /** The user of this number, who need not have a name. */
  static String[] of(String id, String groups) {
    return new String[] {"setpriv", "--reuid=" + id, "--regid=" + id, groups};
  }

  /** Skips the test if there is no being this user, or he cannot run our files. */
  static void assumeRunsSpool(String... user) {
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "not root: there is no other user to be");
    SpoolCommand.needs("setpriv");
    assumeTrue(
        SpoolCommand.shell(RUNS_SPOOL)
                .in(SpoolCommand.LAUNCHER.getParent())
                .under(user)
                .run()
                .code()
            == 0,
        "others may not read this source tree, or not run this Java");
  }
}
