package dev.safefs.request;

import dev.safefs.Durability;
import dev.safefs.Publication;
import dev.safefs.SafeConfig;
import dev.safefs.SafeOpenOption;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an open asks for.
 *
 * @param access what the file is used for
 * @param creation whether it may be created
 * @param links whether a link at the end is followed
 * @param publication when content becomes visible, if the call says so
 * @param durability what is synced before close returns
 * @param flags all else
 * @param attributes those of a new file
 * @param channelOptions what the delegate's channel on an open file is opened with
 */
public record OpenRequest(
    Access access,
    Creation creation,
    LinkMode links,
    Optional<Publication> publication,
    Durability durability,
    Set<OpenFlag> flags,
    InitialAttributes attributes,
    Set<OpenOption> channelOptions) {

  /** What is asked of content that exists. */
  private static final Set<OpenOption> DELEGATE_OPTIONS =
      Set.of(
          StandardOpenOption.SYNC,
          StandardOpenOption.DSYNC,
          StandardOpenOption.SPARSE,
          StandardOpenOption.APPEND);

  /** Opens for reading, by far the most, ask for nothing else. */
  private static final Set<OpenOption> READING = Set.of(StandardOpenOption.READ);

  /** Makes the sets immutable. */
  public OpenRequest {
    flags = Set.copyOf(flags);
    channelOptions = Set.copyOf(channelOptions);
  }

  /**
   * Parses the options of a channel.
   *
   * @param options the caller's
   * @param config the file system's settings
   * @param attributes the caller's
   * @return the request
   * @throws UnsupportedOperationException for an unknown option or attribute
   * @throws IllegalArgumentException for a combination that makes no sense
   * @throws NullPointerException if an option is null
   */
  public static OpenRequest parse(
      Set<? extends OpenOption> options, SafeConfig config, FileAttribute<?>... attributes) {
    List<OpenOption> given = new ArrayList<>();
    for (OpenOption option : options) {
      given.add(check(option));
    }
    if (READING.containsAll(given)) {
      return reading(config, attributes);
    }
    boolean append = given.contains(StandardOpenOption.APPEND);
    boolean write = append || given.contains(StandardOpenOption.WRITE);
    boolean read = given.contains(StandardOpenOption.READ);
    if (append && read) {
      throw new IllegalArgumentException("READ + APPEND not allowed");
    }
    if (append && given.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
    }
    Access access = !write ? Access.READ : read ? Access.READ_WRITE : Access.WRITE;
    return new OpenRequest(
        access,
        write ? creation(given) : Creation.OPEN_EXISTING,
        links(given),
        publication(given),
        given.contains(SafeOpenOption.DURABLE) ? Durability.FILE_AND_NAME : config.durability(),
        flags(given, access),
        InitialAttributes.parseWithoutReplace(attributes),
        channelOptions(given, access));
  }

  /**
   * Tells whether written content is published when the channel is closed: what promises W1 and W5
   * tell apart.
   *
   * @param config the file system's settings
   * @return {@code PUBLISH_ON_CLOSE} or {@code IN_PLACE}
   */
  public Publication publication(SafeConfig config) {
    if (access == Access.READ) {
      return Publication.IN_PLACE;
    }
    if (publication.isPresent()) {
      return publication.get();
    }
    boolean whole = flags.contains(OpenFlag.TRUNCATE) && creation != Creation.CREATE_NEW;
    boolean temporary = flags.contains(OpenFlag.DELETE_ON_CLOSE);
    return whole && !temporary ? config.publication() : Publication.IN_PLACE;
  }

  /**
   * Returns the caller's options without those that mean nothing to a delegate that is to open the
   * file by its name.
   *
   * @param given what this was parsed from
   * @return the others
   */
  public Set<? extends OpenOption> delegateOptions(Set<? extends OpenOption> given) {
    if (READING.containsAll(given)) {
      return given;
    }
    Set<OpenOption> options = new HashSet<>(given);
    options.removeIf(SafeOpenOption.class::isInstance);
    if (access == Access.READ) {
      // The JDK creates nothing for a reader either, but follows links then, also if told not to.
      options.remove(StandardOpenOption.CREATE_NEW);
    }
    return options;
  }

  private static OpenRequest reading(SafeConfig config, FileAttribute<?>... attributes) {
    return new OpenRequest(
        Access.READ,
        Creation.OPEN_EXISTING,
        LinkMode.FOLLOW,
        Optional.empty(),
        config.durability(),
        Set.of(),
        InitialAttributes.parseWithoutReplace(attributes),
        READING);
  }

  private static OpenOption check(OpenOption option) {
    if (option == null) {
      throw new NullPointerException("option");
    }
    if (option instanceof StandardOpenOption
        || option instanceof SafeOpenOption
        || option instanceof LinkOption
        || isDirect(option)) {
      return option;
    }
    throw new UnsupportedOperationException(option + " not supported");
  }

  /**
   * Recognises {@code com.sun.nio.file.ExtendedOpenOption.DIRECT} without linking to its module.
   */
  private static boolean isDirect(OpenOption option) {
    return option instanceof Enum<?> constant
        && constant.name().equals("DIRECT")
        && constant.getDeclaringClass().getName().equals("com.sun.nio.file.ExtendedOpenOption");
  }

  private static Creation creation(List<OpenOption> given) {
    return given.contains(StandardOpenOption.CREATE_NEW)
        ? Creation.CREATE_NEW
        : given.contains(StandardOpenOption.CREATE) ? Creation.CREATE : Creation.OPEN_EXISTING;
  }

  private static LinkMode links(List<OpenOption> given) {
    return given.contains(LinkOption.NOFOLLOW_LINKS)
            || given.contains(StandardOpenOption.DELETE_ON_CLOSE)
        ? LinkMode.NOFOLLOW
        : LinkMode.FOLLOW;
  }

  private static Optional<Publication> publication(List<OpenOption> given) {
    boolean inPlace = given.contains(SafeOpenOption.IN_PLACE);
    boolean onClose = given.contains(SafeOpenOption.PUBLISH_ON_CLOSE);
    if (inPlace && onClose) {
      throw new IllegalArgumentException("IN_PLACE + PUBLISH_ON_CLOSE not allowed");
    }
    return inPlace
        ? Optional.of(Publication.IN_PLACE)
        : onClose ? Optional.of(Publication.PUBLISH_ON_CLOSE) : Optional.empty();
  }

  private static Set<OpenFlag> flags(List<OpenOption> given, Access access) {
    Set<OpenFlag> flags = EnumSet.noneOf(OpenFlag.class);
    for (OpenOption option : given) {
      if (option instanceof StandardOpenOption standard) {
        switch (standard) {
          case TRUNCATE_EXISTING -> flags.add(OpenFlag.TRUNCATE);
          case APPEND -> flags.add(OpenFlag.APPEND);
          case DELETE_ON_CLOSE -> flags.add(OpenFlag.DELETE_ON_CLOSE);
          case SPARSE -> flags.add(OpenFlag.SPARSE);
          case SYNC -> flags.add(OpenFlag.SYNC);
          case DSYNC -> flags.add(OpenFlag.DSYNC);
          default -> {}
        }
      } else if (option == SafeOpenOption.DURABLE) {
        flags.add(OpenFlag.DURABLE);
      } else if (isDirect(option)) {
        flags.add(OpenFlag.DIRECT);
      }
    }
    if (access == Access.READ) {
      flags.remove(OpenFlag.TRUNCATE);
      flags.remove(OpenFlag.DURABLE);
    }
    return flags;
  }

  private static Set<OpenOption> channelOptions(List<OpenOption> given, Access access) {
    Set<OpenOption> options = new LinkedHashSet<>();
    if (access != Access.WRITE) {
      options.add(StandardOpenOption.READ);
    }
    if (access != Access.READ) {
      options.add(StandardOpenOption.WRITE);
    }
    for (OpenOption option : given) {
      if (DELEGATE_OPTIONS.contains(option) || isDirect(option)) {
        options.add(option);
      }
    }
    return options;
  }
}
