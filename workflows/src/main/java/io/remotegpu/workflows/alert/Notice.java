package io.remotegpu.workflows.alert;

/**
 * One thing that is to be told to one target.
 *
 * @param state {@code firing} or {@code resolved}
 * @param number the first time that this is said, the second, …
 * @param target {@code webhook/<id>} or {@code email}
 */
public record Notice(long alertId, String state, int number, String target) {

    /** Always the same for this notice: the id of its workflow, and under which its target hears it, however often. */
    public String id() {
        return "alert-" + alertId + "-" + state + "-" + number + "-" + target.replace('/', '-');
    }
}
