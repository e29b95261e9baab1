package dev.safefs.arch.planted.sys;

import dev.safefs.arch.planted.PlantedFace;
import jnr.ffi.Runtime;

/** The bottom must not know the top. */
public class PlantedSys {
  Runtime allowed;
  PlantedFace top;
}
