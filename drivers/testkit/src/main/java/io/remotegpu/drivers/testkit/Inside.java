package io.remotegpu.drivers.testkit;

import java.util.List;
import java.util.Set;

/** What a user sees and does in a running environment, through its real access where there is one. */
public interface Inside {

    /** Writes a file in the home folder. */
    void write(String name, String content);

    /** The content of a file in the home folder; empty when there is none. */
    String read(String name);

    /** Writes lines to what the engine keeps as the log. */
    void print(List<String> lines);

    /** The value of a variable of the user's processes; empty when it is not set. */
    String variable(String name);

    /** The indexes of the GPUs that can be seen. */
    Set<Integer> gpus();

    /** The memory limit in bytes, as the environment sees it. */
    long memoryLimit();

    /** The CPU limit in cores, as the environment sees it. */
    double cpuLimit();
}
