package dev.safefs.arch.planted;

/** Allowed: everyone may throw it. */
public class PlantedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
