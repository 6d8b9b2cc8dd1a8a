package org.spooldir.cli;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One JSON object on one line, in ASCII: nothing from disk can break out of it. */
final class JsonLine {

  private final StringBuilder line = new StringBuilder("{");

  JsonLine add(String name, String value) {
    name(name);
    quote(value);
    return this;
  }

  JsonLine add(String name, long value) {
    name(name);
    line.append(value);
    return this;
  }

  JsonLine add(String name, boolean value) {
    name(name);
    line.append(value);
    return this;
  }

  /** In ISO 8601, UTC. */
  JsonLine add(String name, Instant value) {
    return add(name, value.toString());
  }

  /** Left out if empty. */
  JsonLine addText(String name, Optional<String> value) {
    return value.isEmpty() ? this : add(name, value.get());
  }

  /** Left out if empty. */
  JsonLine addTime(String name, Optional<Instant> value) {
    return value.isEmpty() ? this : add(name, value.get());
  }

  /** Left out if empty. */
  JsonLine addNumber(String name, OptionalLong value) {
    return value.isEmpty() ? this : add(name, value.getAsLong());
  }

  JsonLine add(String name, Map<String, String> values) {
    JsonLine object = new JsonLine();
    for (Map.Entry<String, String> each : values.entrySet()) {
      object.add(each.getKey(), each.getValue());
    }
    return addAsIs(name, object.toString());
  }

  /** An array of objects. */
  JsonLine add(String name, Iterable<JsonLine> objects) {
    StringBuilder array = new StringBuilder("[");
    for (JsonLine each : objects) {
      array.append(array.length() == 1 ? "" : ",").append(each);
    }
    return addAsIs(name, array.append(']').toString());
  }

  /** A nested object. */
  JsonLine add(String name, JsonLine object) {
    return addAsIs(name, object.toString());
  }

  private JsonLine addAsIs(String name, String json) {
    name(name);
    line.append(json);
    return this;
  }

  private void name(String name) {
    if (line.length() > 1) {
      line.append(',');
    }
    quote(name);
    line.append(':');
  }

  private void quote(String text) {
    line.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (c >= ' ' && c <= '~') {
        line.append(c);
      } else {
        line.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          line.append(Character.forDigit(c >> shift & 15, 16));
        }
      }
    }
    line.append('"');
  }

  /** The line, without a line feed. */
  @Override
  public String toString() {
    return line + "}";
  }
}
