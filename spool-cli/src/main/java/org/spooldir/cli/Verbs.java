package org.spooldir.cli;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The verbs there are, in the order in which help shows them. */
final class Verbs {

  private static final List<String> NAMES =
      List.of(
          "init",
          "put",
          "work",
          "ls",
          "show",
          "stat",
          "age",
          "watch",
          "retry",
          "hold",
          "unhold",
          "discard",
          "purge",
          "recover",
          "check",
          "doctor",
          "import",
          "export",
          "completion",
          "man");

  private Verbs() {}

  /** The verb of this name, or null. Loads no other one: each class costs a start-up. */
  static @Nullable Verb find(String name) {
    return switch (name) {
      case "init" -> new Init();
      case "put" -> new Put();
      case "work" -> new Work();
      case "retry" -> new Alter(Alteration.RETRY);
      case "hold" -> new Alter(Alteration.HOLD);
      case "unhold" -> new Alter(Alteration.UNHOLD);
      case "discard" -> new Alter(Alteration.DISCARD);
      case "purge" -> new Purge();
      case "recover" -> new Recover();
      case "check" -> new Check();
      case "doctor" -> new Doctor();
      case "import" -> new Import();
      case "export" -> new Export();
      case "completion" -> new Completion();
      case "man" -> new Man();
      case "ls" -> new Ls();
      case "show" -> new Show();
      case "stat" -> new Stat();
      case "age" -> new Age();
      case "watch" -> new Watch();
      case "train" -> new Train();
      default -> null;
    };
  }

  static List<String> names() {
    return NAMES;
  }

  /** What all of them take. */
  static List<Syntax> syntaxes() {
    List<Syntax> syntaxes = new ArrayList<>();
    for (String name : NAMES) {
      syntaxes.add(requireNonNull(find(name), name).syntax());
    }
    return syntaxes;
  }
}
