package dev.safefs.op;

import dev.safefs.Publication;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Stat;
import dev.safefs.op.PendingWrite.Form;
import dev.safefs.request.Access;
import dev.safefs.request.OpenFlag;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/** Opens files. Promises W1 to W6, R6, T1. */
public final class Opener {

  private Opener() {}

  /**
   * Opens a file channel.
   *
   * @param place what
   * @param request how
   * @return the channel
   * @throws java.nio.file.NoSuchFileException if it does not exist and is not to be created
   * @throws java.nio.file.FileAlreadyExistsException if it exists and was to be created
   * @throws java.nio.file.AccessDeniedException if permissions do not allow it
   * @throws dev.safefs.GuaranteeUnavailableException if a promise cannot be kept and the file
   *     system is strict
   * @throws IOException if it cannot be opened
   */
  public static FileChannel open(Place place, OpenRequest request) throws IOException {
    return open(place, request, stat -> {});
  }

  /**
   * Opens a file channel.
   *
   * @param place what
   * @param request how
   * @param witness told which file was opened, unless it is pending or never had a name
   * @return the channel
   * @throws IOException as for {@link #open(Place, OpenRequest)}
   */
  public static FileChannel open(Place place, OpenRequest request, Consumer<Stat> witness)
      throws IOException {
    return open(place, request, new Connector.Synchronous(witness));
  }

  /**
   * Opens an asynchronous file channel.
   *
   * @param place what
   * @param request how
   * @param executor runs the handlers; empty for the delegate's default
   * @return the channel
   * @throws UnsupportedOperationException for {@code APPEND}, as the JDK does
   * @throws IOException as for {@link #open(Place, OpenRequest)}
   */
  public static AsynchronousFileChannel openAsynchronous(
      Place place, OpenRequest request, Optional<ExecutorService> executor) throws IOException {
    if (request.flags().contains(OpenFlag.APPEND)) {
      throw new UnsupportedOperationException("APPEND not allowed");
    }
    return open(place, request, new Connector.Asynchronous(executor));
  }

  private static <C extends Channel> C open(
      Place place, OpenRequest request, Connector<C> connector) throws IOException {
    return UserPath.in(place.display(), () -> opened(place, request, connector));
  }

  private static <C extends Channel> C opened(
      Place place, OpenRequest request, Connector<C> connector) throws IOException {
    InPlace<C> inPlace = new InPlace<>(place, request, connector);
    if (request.flags().contains(OpenFlag.DELETE_ON_CLOSE)) {
      return inPlace.temporary();
    }
    if (request.access() == Access.READ) {
      return inPlace.existing();
    }
    if (request.publication(place.config()) == Publication.IN_PLACE) {
      return inPlace.write();
    }
    return WholeFile.open(
        place, request, Form.BY_CHANNEL, new Whole<>(request, connector, inPlace));
  }

  /** Connects a pending file, or what has to be written in place, to a channel. */
  private record Whole<C extends Channel>(
      OpenRequest request, Connector<C> connector, InPlace<C> inPlaceOpener)
      implements WholeFile.Opening<C> {
    @Override
    public C pending(PendingWrite write) throws IOException {
      return connector.publishing(write, connector.connect(write.file(), request.channelOptions()));
    }

    @Override
    public C inPlace(FileHandle file) throws IOException {
      return inPlaceOpener.connectExisting(file);
    }
  }
}
