package dev.safefs.arch.planted.op;

import com.kenai.jffi.MemoryIO;
import dev.safefs.arch.planted.PlantedException;
import dev.safefs.arch.planted.handle.PlantedHandle;
import dev.safefs.arch.planted.linux.PlantedLinux;
import java.util.concurrent.FutureTask;
import jnr.ffi.Pointer;

/** An operation must not see an engine, nor natives; a boolean parameter is only the JDK's. */
public class PlantedOp extends FutureTask<String> {
  PlantedHandle allowed;
  PlantedLinux engine;
  Pointer pointer;
  MemoryIO memory;

  public PlantedOp() {
    super(() -> "");
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    throw new PlantedException();
  }

  public void toggle(boolean on) {}
}
