package dev.safefs.arch.planted;

import dev.safefs.arch.planted.linux.PlantedLinux;
import dev.safefs.arch.planted.portable.PlantedPortable;
import dev.safefs.arch.planted.sys.PlantedSys;

/** Allowed: the selector sees the engines. */
class EngineSelector {
  PlantedLinux linux;
  PlantedPortable portable;
  PlantedSys sys;
}
