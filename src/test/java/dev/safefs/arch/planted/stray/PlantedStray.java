package dev.safefs.arch.planted.stray;

/** In a package that is in no picture. */
public class PlantedStray {}
