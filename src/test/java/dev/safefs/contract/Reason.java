package dev.safefs.contract;

import java.util.ArrayList;
import java.util.List;

/**
 * Why an outcome is right although what lies under SafeFS, which is not the JDK's provider, comes
 * to another one. Each is decided by what is seen and asked, none by the name of a provider.
 */
enum Reason {
  /** Value and tree are those of the JDK. The row over the JDK's provider compares the rest. */
  AS_THE_JDK {
    @Override
    boolean holds(Case of) throws Exception {
      return of.safe().seen().equals(of.jdk().seen()) && of.safe().bare().equals(of.jdk().bare());
    }
  },
  /**
   * One of both opens what it then fails to read or write, such as a directory. SafeFS fails at
   * once, and nobody could have got more out of it.
   */
  FAILS_WHERE_OTHERS_FAIL_LATER {
    @Override
    boolean holds(Case of) throws Exception {
      String seen = of.safe().seen();
      boolean jdk = isFileSystems(seen) && hasLater(of.jdk(), "IOException");
      boolean delegate =
          seen.equals("threw java.nio.file.AccessDeniedException")
              && hasLater(of.delegate(), "AccessDeniedException");
      return (jdk || delegate) && of.isUntouched();
    }

    private boolean isFileSystems(String seen) {
      return seen.equals("threw java.nio.file.FileSystemException");
    }

    private boolean hasLater(Twins.Outcome other, String failure) {
      return other.seen().equals("threw java.io." + failure)
          || other.seen().contains(" " + failure);
    }
  },
  /**
   * Value, names and content are those of the delegate. Permissions of what is new are by the JDK's
   * rules, which the row over the JDK's provider compares; its spelling is the caller's, also where
   * upper and lower case are one and a copy of the delegate's has another.
   */
  AS_THE_DELEGATE_BUT_FOR_PERMISSIONS_AND_SPELLING {
    @Override
    boolean holds(Case of) throws Exception {
      return of.safe().seen().equals(of.delegate().seen())
          && (of.safe().bare().equals(of.delegate().bare())
              || (of.foldsCase() && of.safe().bare().equalsIgnoreCase(of.delegate().bare())));
    }
  },
  /** Not even a path of that name can be had from the JDK, and SafeFS makes no such file. */
  REFUSES_A_NAME {
    @Override
    boolean holds(Case of) throws Exception {
      return of.jdk().seen().equals("threw java.nio.file.InvalidPathException")
          && of.safe().seen().equals("threw java.nio.file.FileSystemException")
          && of.isUntouched();
    }
  },
  /** Both fail alike, and SafeFS leaves the tree as it was. */
  FAILS_AND_TOUCHES_NOTHING {
    @Override
    boolean holds(Case of) throws Exception {
      return of.safe().seen().startsWith("threw ")
          && of.safe().seen().equals(of.delegate().seen())
          && of.isUntouched();
    }
  },
  /** The file system says that it has no such view, and the caller is told so, as documented. */
  NO_SUCH_VIEW {
    @Override
    boolean holds(Case of) throws Exception {
      return of.lacksView()
          && of.safe().seen().equals("threw java.lang.UnsupportedOperationException")
          && of.isUntouched();
    }
  },
  /** The promise that the operation needs is unavailable, which the guarantees said. */
  NO_SUCH_PROMISE {
    @Override
    boolean holds(Case of) throws Exception {
      return of.lacksPromise()
          && of.safe().seen().equals("threw java.nio.file.FileSystemException")
          && of.isUntouched();
    }
  };

  /** What is judged. */
  interface Case {
    /** What came of it through SafeFS. */
    Twins.Outcome safe();

    /** What came of it through what lies under SafeFS. */
    Twins.Outcome delegate();

    /** What comes of it through the JDK's provider. */
    Twins.Outcome jdk() throws Exception;

    /** Tells whether the file system lacks a view that the operation needs. */
    boolean lacksView();

    /** Tells whether the file system's guarantees say that a promise is unavailable. */
    boolean lacksPromise() throws Exception;

    /** Tells whether the delegate finds a file by its name in capitals. */
    boolean foldsCase() throws Exception;

    /** Tells whether SafeFS left the tree as it was planted. */
    boolean isUntouched() throws Exception;
  }

  abstract boolean holds(Case of) throws Exception;

  /** Returns the reasons that hold. */
  static List<Reason> of(Case judged) throws Exception {
    List<Reason> held = new ArrayList<>();
    for (Reason reason : values()) {
      if (reason.holds(judged)) {
        held.add(reason);
      }
    }
    return held;
  }
}
