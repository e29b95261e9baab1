package dev.safefs.linux;

import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * The view {@code basic} of an open object. The time of creation cannot be set, as with the JDK.
 */
record BasicView(HandleViews views) implements BasicFileAttributeView {
  @Override
  public String name() {
    return "basic";
  }

  @Override
  public BasicFileAttributes readAttributes() throws IOException {
    return views.read(
        BasicFileAttributeView.class, BasicFileAttributeView::readAttributes, held -> held);
  }

  @Override
  public void setTimes(
      @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
      throws IOException {
    views.setTimes(modified, accessed);
  }
}
