package io.remotegpu.db.quota;

/**
 * One thing of which a user asked for more than is left.
 *
 * @param field the request's field: {@code cpu}, {@code memory}, {@code gpu}, {@code storage}, {@code environments}
 * @param requested how much more was asked for; bytes where the field counts bytes
 * @param used what the user holds without it
 * @param limit what the user may hold
 */
public record Excess(String field, long requested, long used, long limit) {

    private static final long GIB = 1L << 30;

    /** In words, for people. */
    public String message() {
        return "asked for " + text(requested) + ", but " + text(used) + " of " + text(limit) + " are in use";
    }

    private String text(long amount) {
        if (!field.equals("memory") && !field.equals("storage")) {
            return Long.toString(amount);
        }
        return amount % GIB == 0 ? amount / GIB + "Gi" : amount + " bytes";
    }
}
