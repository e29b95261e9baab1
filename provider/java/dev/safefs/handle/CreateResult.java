package dev.safefs.handle;

/** How the creation of a name went. */
public enum CreateResult {
  /** The name was created by this call. */
  CREATED,
  /** Something already has the name; it was not touched. */
  EXISTS,
  /** The file system or kernel cannot do this. */
  UNSUPPORTED,
  /** The file to be linked is on another file system or mount, or of another engine. */
  CROSS_DEVICE,
  /** The file to be linked has no name left and cannot get one. */
  SOURCE_GONE,
  /** A handle cannot be given a name here; a name perhaps can, see {@link Dir#linkName}. */
  ONLY_BY_NAME
}
