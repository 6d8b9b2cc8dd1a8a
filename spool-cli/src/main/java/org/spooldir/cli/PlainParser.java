package org.spooldir.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads command lines in the plain forms that scripts use: {@code --name value}, {@code
 * --name=value}, {@code -x value}, flags, operands, {@code --}. It never explains and never
 * guesses: what it does not know to be right is {@link Grammar}'s, that is picocli's, which costs a
 * start-up as much as the whole Java machine.
 */
final class PlainParser {

  private PlainParser() {}

  /**
   * Reads the arguments of a verb.
   *
   * @return null if they are not plain, or not right
   */
  static @Nullable Arguments parse(Syntax syntax, List<String> words, List<String> command) {
    Arguments arguments = new Arguments(command);
    int operands = 0;
    boolean onlyOperands = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (onlyOperands || word.equals("-") || !word.startsWith("-")) {
        arguments.add(word);
        operands++;
      } else if (word.equals("--")) {
        onlyOperands = true;
      } else if (!word.equals("--debug")) { // Main looks at that one
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        Syntax.Option option = find(syntax, equals < 0 ? word : word.substring(0, equals));
        if (option == null || (arguments.has(option.name()) && !option.repeatable())) {
          return null;
        }
        String value;
        if (option.isFlag() || equals >= 0) {
          value = equals < 0 ? "" : word.substring(equals + 1);
          if (option.isFlag() && equals >= 0) {
            return null;
          }
        } else if (i + 1 < words.size() && !words.get(i + 1).startsWith("-")) {
          value = words.get(++i);
        } else {
          return null;
        }
        arguments.add(option.name(), value);
      }
    }
    return fits(syntax, operands) ? arguments : null;
  }

  private static Syntax.@Nullable Option find(Syntax syntax, String name) {
    for (Syntax.Option option : syntax.options()) {
      if (option.names().contains(name)) {
        return option;
      }
    }
    return null;
  }

  private static boolean fits(Syntax syntax, int operands) {
    int least = 0;
    for (Syntax.Operand operand : syntax.operands()) {
      least += operand.least();
    }
    return operands >= least && operands <= mostOperands(syntax);
  }

  static long mostOperands(Syntax syntax) {
    long most = 0;
    for (Syntax.Operand operand : syntax.operands()) {
      most += operand.most();
    }
    return most;
  }
}
