package dev.safefs.arch.planted.linux;

import dev.safefs.arch.planted.handle.PlantedHandle;
import dev.safefs.arch.planted.portable.PlantedPortable;
import dev.safefs.arch.planted.sys.PlantedSys;

/** The engines must not know each other. */
public class PlantedLinux {
  PlantedHandle allowed;
  PlantedSys alsoAllowed;
  PlantedPortable other;
}
