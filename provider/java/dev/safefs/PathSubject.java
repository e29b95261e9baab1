package dev.safefs;

import dev.safefs.handle.FileHandle;
import dev.safefs.op.Place;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileAttributeView;
import java.util.Objects;

/**
 * The subject of a view that was asked for by path.
 *
 * @param path the path
 * @param links whether a link at its end is followed
 */
record PathSubject(SafePath path, LinkMode links) implements AttributeViews.Subject {

  @Override
  public FileHandle open() throws IOException {
    Place place = path.place();
    return place.anchor().open(place.route(), links);
  }

  @Override
  public <V extends FileAttributeView, R> R read(Class<V> type, AttributeViews.Call<V, R> call)
      throws IOException {
    return path.isServedByDelegate()
        ? call.on(delegateView(type))
        : AttributeViews.Subject.super.read(type, call);
  }

  @Override
  public <V extends FileAttributeView, R> R change(Class<V> type, AttributeViews.Call<V, R> call)
      throws IOException {
    return path.isLoading()
        ? call.on(delegateView(type))
        : AttributeViews.Subject.super.change(type, call);
  }

  private <V extends FileAttributeView> V delegateView(Class<V> type) {
    LinkOption[] options =
        links == LinkMode.FOLLOW
            ? new LinkOption[0]
            : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    return Objects.requireNonNull(
        path.getFileSystem().delegate().provider().getFileAttributeView(path.inner(), type, options));
  }
}
