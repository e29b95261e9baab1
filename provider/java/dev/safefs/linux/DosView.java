package dev.safefs.linux;

import java.io.IOException;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * The view {@code dos} of an open object, for files and directories only: the delegate opens what
 * it looks at.
 */
record DosView(HandleViews views) implements DosFileAttributeView {
  @Override
  public String name() {
    return "dos";
  }

  @Override
  public DosFileAttributes readAttributes() throws IOException {
    return views.readDos();
  }

  @Override
  public void setTimes(
      @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
      throws IOException {
    views.setTimes(modified, accessed);
  }

  @Override
  public void setReadOnly(boolean value) throws IOException {
    set(view -> view.setReadOnly(value));
  }

  @Override
  public void setHidden(boolean value) throws IOException {
    set(view -> view.setHidden(value));
  }

  @Override
  public void setSystem(boolean value) throws IOException {
    set(view -> view.setSystem(value));
  }

  @Override
  public void setArchive(boolean value) throws IOException {
    set(view -> view.setArchive(value));
  }

  private void set(HandleViews.Write<DosFileAttributeView> write) throws IOException {
    views.checkOpenable();
    views.write(DosFileAttributeView.class, write);
  }
}
