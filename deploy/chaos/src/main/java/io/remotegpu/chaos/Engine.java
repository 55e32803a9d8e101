package io.remotegpu.chaos;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What environments of one mode run on: looked at, broken and cleared behind the server's back. */
interface Engine extends Carried {

    /**
     * From where an engine is used.
     *
     * @param address at which environments are reached
     * @param here this machine's address, seen from there
     * @param words before a command that make it run there
     */
    record Place(String address, String here, List<String> words) {

        static final Place HERE = new Place("127.0.0.1", "127.0.0.1", List.of());
    }

    Mode mode();

    /** What there is to break on it, beside processes of ours. */
    Set<Breakage.Circumstance> circumstances();

    /** Whether it is a machine's own; a cluster's is used by workers anywhere. */
    default boolean isOfAMachine() {
        return true;
    }

    /** An engine elsewhere is used by an agent there. */
    default Place place() {
        return Place.HERE;
    }

    /** Environment variables for API and workers. */
    default Map<String, String> settings() {
        return Map.of();
    }

    /** Environment variables for who uses it. */
    default Map<String, String> hostSettings() {
        return Map.of();
    }

    /** Words for an agent that serves it. */
    default List<String> agentWords() {
        return List.of();
    }

    /** Whose things are looked at, broken and removed: before it is known, nobody's. */
    default void installation(String fingerprint) {}

    /** @return whether there was anything to do it to */
    boolean carryOut(Schedule.Entry entry) throws InterruptedException;

    /** What was broken of it and does not mend itself. */
    default void mend() throws InterruptedException {}

    /** Removes what is left of ours, and ends what was started for us. */
    default void clear() throws InterruptedException {}
}
