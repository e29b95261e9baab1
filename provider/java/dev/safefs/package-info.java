/**
 * A file system provider whose operations are atomic, act on open files instead of names, keep what
 * was there when they fail or the machine crashes and, where asked, stay beneath a directory.
 *
 * <p>{@link dev.safefs.SafeFileSystemProvider} serves {@code java.nio.file.Files}, {@link
 * dev.safefs.SafeFiles} has what that has no verb for, and {@link
 * dev.safefs.SafeDefaultFileSystemProvider} serves programs that are not changed. Settings are
 * those of {@link dev.safefs.SafeConfig}.
 *
 * <p>The setting enums, option types and exceptions of this package are plain values without
 * behaviour.
 *
 * <h2>Promises</h2>
 *
 * <p>An id such as W1 is that of a promise: R resolution, W writing, M moving, C copying, L links,
 * D deleting, T temporary files, H handles, A attributes, S directory streams, K faults, G
 * guarantees. The project's {@code docs/guarantees.md} tells what each is kept by and where it
 * ends, {@link dev.safefs.Guarantees} how far it holds on a mount, {@link dev.safefs.Strictness}
 * what happens where it does not.
 *
 * <h2>Words</h2>
 *
 * <p>Content is <i>pending</i> while nobody sees it, and is <i>published</i> when it gets its name.
 * <i>Durable</i> is what outlives a power cut. A <i>reader</i> is any thread or process that looks
 * the name up or opens it; what a reader has open already stays as it was. A <i>key</i> is what
 * {@code BasicFileAttributes.fileKey} returns: it tells a file, not what is in it.
 *
 * <h2>Exceptions</h2>
 *
 * <p>What any method that is given a path may throw is not told again at each:
 *
 * <ul>
 *   <li>{@code NullPointerException} if an argument, or an element of one, is null;
 *   <li>{@code UnsupportedOperationException} for an option, attribute or, in {@link
 *       dev.safefs.SafeFiles}, a path of a provider that is not supported; the provider's own
 *       methods throw {@code ProviderMismatchException} for such a path;
 *   <li>{@code ClosedFileSystemException} if the file system was closed;
 *   <li>{@link dev.safefs.PathEscapeException} if a path leads out of a confined file system or a
 *       guarded directory; nothing outside was touched;
 *   <li>{@link dev.safefs.GuaranteeUnavailableException} if there is no engine, such as without its
 *       native library, or no procfs where that is needed, or a promise cannot be kept and the file
 *       system is strict;
 *   <li>{@code NoSuchFileException} if a directory on the way does not exist, {@code
 *       AccessDeniedException} if permissions do not allow what is asked;
 *   <li>{@link dev.safefs.RaceDetectedException} if others came in between each of up to 128 tries,
 *       or for longer than 10 seconds;
 *   <li>{@code FileSystemException}, with the path and, as reason, the system call and errno, for
 *       every other failure of the kernel.
 * </ul>
 *
 * <p>With {@link dev.safefs.Durability#FILE_AND_NAME}, or an option {@code DURABLE}, the directory
 * is synced last. If that fails, the operation throws although it was done: the change is visible,
 * and may be lost by a power cut. Only a file that was created to be written in place is taken
 * back, as nobody gets its channel. Where a method says what is left after a failure, any other
 * failure is meant.
 *
 * <h2>Compare and swap</h2>
 *
 * <p>{@link dev.safefs.SafeFiles#replaceIfSame} and {@link
 * dev.safefs.SafeFiles#replaceSymbolicLink(java.nio.file.Path, java.nio.file.Path,
 * java.nio.file.Path)} take turns, by an advisory lock of the directory for which they wait at most
 * 250 milliseconds. Towards who takes no turn, or where the directory may not be read, they are
 * optimistic: if the name is changed between the look and the exchange, what is new is visible for
 * an instant before it is taken back. Where names cannot be exchanged, {@link
 * dev.safefs.Strictness#BEST_EFFORT} compares and renames, and a change in between is lost.
 */
@NullMarked
package dev.safefs;

import org.jspecify.annotations.NullMarked;
