package io.remotegpu.drivers.testkit;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentDriver;

/** Ends a deployment in its middle, as the end of its process would. */
final class Abandoned extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Whether it was: false when the deployment came to its end before it had told that often what it does. */
    static boolean at(int point, Deployment deployment, EnvironmentDriver driver) {
        int[] told = {0};
        try {
            driver.deploy(deployment, message -> {
                if (told[0]++ == point) {
                    throw new Abandoned();
                }
            });
            return false;
        } catch (Abandoned e) {
            return true;
        }
    }
}
