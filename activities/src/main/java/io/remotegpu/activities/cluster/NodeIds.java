package io.remotegpu.activities.cluster;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The host ids of nodes: from the cluster's and the node's names alone, so that every process finds the same. */
final class NodeIds {

    /** A host id's length at most. */
    private static final int MOST = 63;

    private static final int HASH = 8;

    /** For example {@code main-gpu-node-7}; a name that is too long ends in its hash. */
    static String host(String cluster, String node) {
        var id = cluster + "-" + node;
        return id.length() <= MOST ? id : id.substring(0, MOST - HASH - 1) + "-" + hash(id);
    }

    private static String hash(String id) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private NodeIds() {}
}
