package dev.safefs.portable;

import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Numbers for owners and groups: the delegate's own where it has them, else numbers given here, far
 * from real ones.
 */
final class Principals {
  private static final int FIRST_GIVEN = 1 << 30;

  private final ConcurrentMap<UserPrincipal, Integer> numbers = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, UserPrincipal> principals = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger(FIRST_GIVEN);

  /** Returns the number of a principal, which is given one on first sight. */
  int number(UserPrincipal principal) {
    return numbers.computeIfAbsent(
        principal,
        fresh -> {
          int number = next.getAndIncrement();
          principals.put(number, fresh);
          return number;
        });
  }

  /** Is told the delegate's own number of a principal. */
  void learn(int number, UserPrincipal principal) {
    principals.putIfAbsent(number, principal);
  }

  /** Returns the principal of a number that was seen before. */
  Optional<UserPrincipal> principal(int number) {
    return Optional.ofNullable(principals.get(number));
  }
}
