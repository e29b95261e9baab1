package dev.safefs.arch.planted.request;

import dev.safefs.arch.planted.handle.PlantedHandle;
import java.util.List;

/** The leaf must know nobody, not even as a type argument. */
public class PlantedRequest {
  List<PlantedHandle> handles;
}
