package dev.safefs;

import dev.safefs.op.TreePlan;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The options of an operation on a tree, parsed. */
final class TreeOptions {
  private final Path given;
  private final List<CopyOption> others = new ArrayList<>();
  private TreePlan plan = TreePlan.STOP;

  private TreeOptions(Path given) {
    this.given = Objects.requireNonNull(given);
  }

  /**
   * Parses options.
   *
   * @param given a path of the kind that listeners are to be told
   */
  static TreeOptions parse(Path given, CopyOption... options) {
    TreeOptions parsed = new TreeOptions(given);
    for (CopyOption option : options) {
      parsed.take(Objects.requireNonNull(option, "option"));
    }
    return parsed;
  }

  /** Returns how to go about failures and progress. */
  TreePlan plan() {
    return plan;
  }

  /** Returns the options that are not about trees. */
  CopyOption[] others() {
    return others.toArray(CopyOption[]::new);
  }

  /** Refuses options about failures, as a move ends with the first one. */
  TreeOptions withoutFailures() {
    if (plan.failures() != TreePlan.STOP.failures()) {
      throw new UnsupportedOperationException("a move of a tree ends with its first failure");
    }
    return this;
  }

  private void take(CopyOption option) {
    if (option == TreeOption.COLLECT_FAILURES) {
      plan = new TreePlan(TreePlan.COLLECT.failures(), plan.monitor());
    } else if (option instanceof TreeOption.OnFailure asking) {
      plan = new TreePlan(failures(asking.handler()), plan.monitor());
    } else if (option instanceof TreeOption.OnProgress telling) {
      plan = new TreePlan(plan.failures(), monitor(telling.listener()));
    } else {
      others.add(option);
    }
  }

  private TreePlan.Failures failures(TreeOption.FailureHandler handler) {
    return (path, failure) -> TreePlan.Decision.valueOf(handler.failed(told(path), failure).name());
  }

  private TreePlan.Monitor monitor(TreeOption.ProgressListener listener) {
    return (entries, bytes, path) -> listener.progressed(entries, bytes, told(path));
  }

  /**
   * Returns the path that a text shows. What is beneath the given one is lossless text, also of
   * names that a {@code String} cannot tell; that itself may be shown as something else.
   */
  private Path told(String shown) {
    FileSystem fileSystem = given.getFileSystem();
    String above = given.toString();
    String separator = fileSystem.getSeparator();
    if (shown.equals(above)) {
      return given;
    }
    String prefix = above.isEmpty() || above.endsWith(separator) ? above : above + separator;
    if (!shown.startsWith(prefix)) {
      return fileSystem.getPath(shown);
    }
    String beneath = shown.substring(prefix.length());
    return given.resolve(Places.like(given, Places.adopt(given).getFileSystem().path(beneath)));
  }
}
