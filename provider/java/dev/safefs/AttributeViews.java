package dev.safefs;

import dev.safefs.handle.FileHandle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attribute views that resolve their file anew for each call and then act on the pinned file.
 * Promise A1.
 */
final class AttributeViews {

  /** The file a view is about. */
  interface Subject {

    /** Resolves the file. */
    FileHandle open() throws IOException;

    /** Makes a call that changes nothing. */
    default <V extends FileAttributeView, R> R read(Class<V> type, Call<V, R> call)
        throws IOException {
      return change(type, call);
    }

    /** Makes a call on a view of the pinned file. */
    default <V extends FileAttributeView, R> R change(Class<V> type, Call<V, R> call)
        throws IOException {
      try (FileHandle file = open()) {
        V view = file.view(type).orElseThrow(UnsupportedOperationException::new);
        return call.on(view);
      }
    }

    /** Makes a change that takes the JDK one system call, which follows a link at the end. */
    default <V extends FileAttributeView, R> R changeInOneCall(Class<V> type, Call<V, R> call)
        throws IOException {
      return change(type, call);
    }
  }

  /** A call on a view. */
  @FunctionalInterface
  interface Call<V, R> {
    /** Makes the call. */
    R on(V view) throws IOException;
  }

  /** A call without a result. */
  @FunctionalInterface
  private interface Change<V> {
    void on(V view) throws IOException;
  }

  private AttributeViews() {}

  /** Returns a view, or null if views of that type are not known. */
  static <V extends FileAttributeView> @Nullable V of(Class<V> type, Subject subject) {
    FileAttributeView view = null;
    if (type == BasicFileAttributeView.class) {
      view = new Basic<>("basic", BasicFileAttributeView.class, subject);
    } else if (type == PosixFileAttributeView.class) {
      view = new Posix(subject);
    } else if (type == DosFileAttributeView.class) {
      view = new Dos(subject);
    } else if (type == FileOwnerAttributeView.class) {
      view = new Owner<>("owner", FileOwnerAttributeView.class, subject);
    } else if (type == AclFileAttributeView.class) {
      view = new Acl(subject);
    } else if (type == UserDefinedFileAttributeView.class) {
      view = new UserDefined(subject);
    }
    return type.cast(view);
  }

  /** What every view is: a subject and a type. */
  private abstract static class View<V extends FileAttributeView> implements FileAttributeView {
    private final String name;
    private final Class<V> type;
    private final Subject subject;

    View(String name, Class<V> type, Subject subject) {
      this.name = name;
      this.type = type;
      this.subject = subject;
    }

    @Override
    public String name() {
      return name;
    }

    <R> R read(Call<V, R> call) throws IOException {
      return subject.read(type, call);
    }

    <R> R change(Call<V, R> call) throws IOException {
      return subject.change(type, call);
    }

    void run(Change<V> change) throws IOException {
      subject.change(type, returningThis(change));
    }

    void runInOneCall(Change<V> change) throws IOException {
      subject.changeInOneCall(type, returningThis(change));
    }

    private Call<V, View<V>> returningThis(Change<V> change) {
      return view -> {
        change.on(view);
        return this;
      };
    }
  }

  private static class Basic<V extends BasicFileAttributeView> extends View<V>
      implements BasicFileAttributeView {

    Basic(String name, Class<V> type, Subject subject) {
      super(name, type, subject);
    }

    @Override
    public BasicFileAttributes readAttributes() throws IOException {
      return read(BasicFileAttributeView::readAttributes);
    }

    @Override
    @SuppressWarnings("NullAway") // a null keeps that time, as in the interface
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
        throws IOException {
      if (modified != null || accessed != null || created != null) {
        run(view -> view.setTimes(modified, accessed, created));
      }
    }
  }

  private static final class Posix extends Basic<PosixFileAttributeView>
      implements PosixFileAttributeView {

    Posix(Subject subject) {
      super("posix", PosixFileAttributeView.class, subject);
    }

    @Override
    public PosixFileAttributes readAttributes() throws IOException {
      return read(PosixFileAttributeView::readAttributes);
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
      runInOneCall(view -> view.setPermissions(permissions));
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
      return read(PosixFileAttributeView::getOwner);
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
      runInOneCall(view -> view.setOwner(owner));
    }

    @Override
    public void setGroup(GroupPrincipal group) throws IOException {
      runInOneCall(view -> view.setGroup(group));
    }
  }

  /** The JDK opens the file to read these, so reading is no single call either. */
  private static final class Dos extends Basic<DosFileAttributeView>
      implements DosFileAttributeView {

    Dos(Subject subject) {
      super("dos", DosFileAttributeView.class, subject);
    }

    @Override
    public DosFileAttributes readAttributes() throws IOException {
      return change(DosFileAttributeView::readAttributes);
    }

    @Override
    public void setReadOnly(boolean value) throws IOException {
      run(view -> view.setReadOnly(value));
    }

    @Override
    public void setHidden(boolean value) throws IOException {
      run(view -> view.setHidden(value));
    }

    @Override
    public void setSystem(boolean value) throws IOException {
      run(view -> view.setSystem(value));
    }

    @Override
    public void setArchive(boolean value) throws IOException {
      run(view -> view.setArchive(value));
    }
  }

  private static class Owner<V extends FileOwnerAttributeView> extends View<V>
      implements FileOwnerAttributeView {

    Owner(String name, Class<V> type, Subject subject) {
      super(name, type, subject);
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
      return read(FileOwnerAttributeView::getOwner);
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
      runInOneCall(view -> view.setOwner(owner));
    }
  }

  private static final class Acl extends Owner<AclFileAttributeView>
      implements AclFileAttributeView {

    Acl(Subject subject) {
      super("acl", AclFileAttributeView.class, subject);
    }

    @Override
    public List<AclEntry> getAcl() throws IOException {
      return read(AclFileAttributeView::getAcl);
    }

    @Override
    public void setAcl(List<AclEntry> acl) throws IOException {
      run(view -> view.setAcl(acl));
    }
  }

  /** The JDK opens the file for all of these, so none is a single call. */
  private static final class UserDefined extends View<UserDefinedFileAttributeView>
      implements UserDefinedFileAttributeView {

    UserDefined(Subject subject) {
      super("user", UserDefinedFileAttributeView.class, subject);
    }

    @Override
    public List<String> list() throws IOException {
      return change(UserDefinedFileAttributeView::list);
    }

    @Override
    public int size(String name) throws IOException {
      return change(view -> view.size(name));
    }

    @Override
    public int read(String name, ByteBuffer target) throws IOException {
      return change(view -> view.read(name, target));
    }

    @Override
    public int write(String name, ByteBuffer source) throws IOException {
      return change(view -> view.write(name, source));
    }

    @Override
    public void delete(String name) throws IOException {
      run(view -> view.delete(name));
    }
  }
}
