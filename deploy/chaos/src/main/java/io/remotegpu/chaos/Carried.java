package io.remotegpu.chaos;

import java.io.IOException;
import java.util.Map;

/** What engines carry under our name, asked behind the server's back. */
interface Carried {

    /** Each environment of which there is anything, and whether it runs. */
    Map<String, Boolean> environments() throws IOException, InterruptedException;
}
