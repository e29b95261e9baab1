package dev.safefs.portable;

import dev.safefs.handle.FileType;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.attribute.FileAttributeView;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Views of a file's attributes, of whatever type the delegate has: each call finds the file first,
 * and checks it afterwards. Those of a link go by path: the JDK's secure streams open what they set
 * times of, which no link lets them.
 */
final class HandleViews {
  private final DelegateFile file;

  HandleViews(DelegateFile file) {
    this.file = file;
  }

  <V extends FileAttributeView> Optional<V> view(Class<V> type) {
    try {
      if (file.at(where -> where.view(type)).isEmpty()) {
        return Optional.empty();
      }
    } catch (IOException e) {
      // The calls will tell.
    }
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader() == null
                ? HandleViews.class.getClassLoader()
                : type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                method.getDeclaringClass() == Object.class
                    ? ofObject(self, method, type, arguments)
                    : call(type, method, arguments));
    return Optional.of(type.cast(proxy));
  }

  private <V extends FileAttributeView> @Nullable Object call(
      Class<V> type, Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return Failures.shown(
              file.display(),
              () ->
                  file.at(
                      where ->
                          file.type() == FileType.SYMLINK
                              ? where.byPath(
                                  path -> called(file.viewOf(path, type), method, arguments))
                              : called(where.view(type), method, arguments)))
          .orElse(null);
    } catch (CheckedByView e) {
      throw e.getCause();
    }
  }

  private static <V extends FileAttributeView> Optional<Object> called(
      Optional<V> view, Method method, Object @Nullable [] arguments) throws IOException {
    return Optional.ofNullable(
        invoke(
            view.orElseThrow(() -> new UnsupportedOperationException("no such view")),
            method,
            arguments));
  }

  private static @Nullable Object invoke(Object view, Method method, Object @Nullable [] arguments)
      throws IOException {
    try {
      return method.invoke(view, arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      throw new CheckedByView(cause);
    } catch (IllegalAccessException e) {
      throw new UnsupportedOperationException(e);
    }
  }

  private static Object ofObject(
      Object self, Method method, Class<?> type, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> type.getSimpleName();
    };
  }

  /** Carries what a view threw that is neither. */
  private static final class CheckedByView extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CheckedByView(Throwable cause) {
      super(cause);
    }

    @Override
    public synchronized Throwable getCause() {
      return Objects.requireNonNull(super.getCause());
    }
  }
}
