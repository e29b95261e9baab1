package dev.safefs.install;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON: objects as maps, arrays as lists, and no number but integers. */
final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Returns what a text says; fails if it is not well-formed. */
  static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.skipSpace();
    json.check(json.at == text.length(), "the end");
    return value;
  }

  private Object value() {
    skipSpace();
    check(at < text.length(), "a value");
    return switch (text.charAt(at)) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      default -> word();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    if (!isNext('}')) {
      do {
        skipSpace();
        String name = string();
        check(isNext(':'), "':'");
        check(members.put(name, value()) == null, "no second '" + name + "'");
      } while (isNext(','));
      check(isNext('}'), "'}'");
    }
    return members;
  }

  private List<Object> array() {
    List<Object> elements = new ArrayList<>();
    at++;
    if (!isNext(']')) {
      do {
        elements.add(value());
      } while (isNext(','));
      check(isNext(']'), "']'");
    }
    return elements;
  }

  private String string() {
    check(at < text.length() && text.charAt(at) == '"', "'\"'");
    int end = text.indexOf('"', at + 1);
    check(end > 0 && text.substring(at, end).indexOf('\\') < 0, "a string without escapes");
    String content = text.substring(at + 1, end);
    at = end + 1;
    return content;
  }

  private Object word() {
    int start = at;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      default -> Integer.parseInt(word);
    };
  }

  private boolean isNext(char expected) {
    skipSpace();
    boolean isNext = at < text.length() && text.charAt(at) == expected;
    at += isNext ? 1 : 0;
    return isNext;
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private void check(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + expected + " at " + at);
    }
  }
}
