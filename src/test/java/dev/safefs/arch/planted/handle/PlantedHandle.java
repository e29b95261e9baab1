package dev.safefs.arch.planted.handle;

import dev.safefs.arch.planted.op.PlantedOp;
import dev.safefs.arch.planted.request.PlantedRequest;

/** The seam must not know the operations above it. */
public class PlantedHandle {
  PlantedRequest allowed;
  PlantedOp[] above;
}
