package dev.safefs.contract;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Runs contract classes once more, in a directory of another file system. */
public final class ContractRun {
  private ContractRun() {}

  /**
   * Runs the contract of moving and copying.
   *
   * @param directory where the trees are planted
   * @param row the way in which the program gets to SafeFS
   * @param every which share of all pairs of names is tried: one in so many; the property of that
   *     name goes before
   * @return what failed, to be empty, with the names of the tests
   */
  public static List<String> ofMoveAndCopy(Path directory, Row row, int every) throws Exception {
    String asked = System.getProperty("safefs.contract.every");
    System.setProperty("safefs.contract.every", asked == null ? String.valueOf(every) : asked);
    System.setProperty("safefs.contract.dir", directory.toString());
    try {
      List<String> failures = new ArrayList<>();
      for (Method test : tests()) {
        run(test, row, failures);
      }
      return failures;
    } finally {
      System.clearProperty("safefs.contract.dir");
      if (asked == null) {
        System.clearProperty("safefs.contract.every");
      }
    }
  }

  /**
   * Runs it alone, such as in a virtual machine that has a file system which this one lacks.
   *
   * @param arguments a directory, the name of a {@link Row}, and the share of all pairs, one in so
   *     many
   * @throws Exception if it cannot be run
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    List<String> failures =
        ofMoveAndCopy(directory, Row.valueOf(arguments[1]), Integer.parseInt(arguments[2]));
    failures.forEach(System.out::println);
    System.out.println(failures.isEmpty() ? "all is well" : failures.size() + " failed");
    System.exit(failures.isEmpty() ? 0 : 1);
  }

  private static List<Method> tests() {
    List<Method> tests =
        Stream.of(MoveAndCopyContractTest.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .sorted(Comparator.comparing(Method::getName))
            .toList();
    if (tests.isEmpty()) {
      throw new AssertionError("nothing to run");
    }
    return tests;
  }

  private static void run(Method test, Row row, List<String> failures) throws Exception {
    Constructor<MoveAndCopyContractTest> constructor =
        MoveAndCopyContractTest.class.getDeclaredConstructor(Row.class);
    MoveAndCopyContractTest contract = constructor.newInstance(row);
    contract.makeRoom();
    try {
      test.setAccessible(true);
      test.invoke(contract);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof TestAbortedException skipped) {
        System.out.println(test.getName() + ": " + skipped.getMessage());
        return;
      }
      failures.add(row + " " + test.getName() + ": " + e.getCause());
    } finally {
      contract.removeAll();
    }
  }
}
