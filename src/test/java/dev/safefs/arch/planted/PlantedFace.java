package dev.safefs.arch.planted;

import dev.safefs.arch.planted.linux.PlantedLinux;

/** The face must not see an engine. */
public class PlantedFace {
  PlantedLinux engine;
}
