package dev.safefs.arch.planted.portable;

import dev.safefs.arch.planted.sys.PlantedSys;

/** System calls belong to the other engine. */
public class PlantedPortable {
  PlantedSys sys;
}
