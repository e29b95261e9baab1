package dev.safefs.op;

/** Something pending that is given up, not published, when its file system is closed under it. */
public interface Abandonable {

  /** Poisons what is pending: closing it then publishes nothing and says so. Promise W2. */
  void abandon();
}
