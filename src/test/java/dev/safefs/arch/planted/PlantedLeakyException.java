package dev.safefs.arch.planted;

/** An exception must not lead to the rest of the face. */
public class PlantedLeakyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  transient PlantedFace face;
}
