package io.remotegpu.api.user;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A public key in the form of OpenSSH's {@code id_….pub}: one line of type, base64 and an optional comment. Formats:
 * RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4, OpenSSH's PROTOCOL.u2f.
 *
 * @param line what goes into {@code authorized_keys}; nothing in front of the type, so no options
 * @param fingerprint as {@code ssh-keygen -l} prints it
 */
record OpenSshKey(String type, String line, String fingerprint) {

    private static final int SHORTEST_RSA = 2048;
    private static final int LONGEST_RSA = 16384;
    private static final int LONGEST_LINE = 8192;
    private static final Pattern LINE =
            Pattern.compile("([a-z0-9@.-]{1,64})[ \\t]+([A-Za-z0-9+/]+={0,2})(?:[ \\t]+([^\\r\\n]*))?");
    private static final Pattern PRINTABLE = Pattern.compile("[^\\p{Cntrl}\\u2028\\u2029\\u0085]*");

    /** Curve names and the bytes of one coordinate. */
    private static final Map<String, Integer> CURVES = Map.of("nistp256", 32, "nistp384", 48, "nistp521", 66);

    /** Reads one line; {@link IllegalArgumentException} says what is wrong with it. */
    static OpenSshKey parse(String text) {
        var trimmed = text.strip();
        if (trimmed.contains("PRIVATE KEY")) {
            throw new IllegalArgumentException(
                    "is a private key: keep it, and send the public one (the file that ends in .pub)");
        }
        if (trimmed.length() > LONGEST_LINE) {
            throw new IllegalArgumentException("is longer than any key: send one line of an id_….pub file");
        }
        if (trimmed.lines().count() > 1
                || !PRINTABLE.matcher(trimmed.replace("\t", " ")).matches()) {
            throw new IllegalArgumentException("must be one line, without control characters");
        }
        var line = LINE.matcher(trimmed);
        if (!line.matches()) {
            throw new IllegalArgumentException(
                    "must be an OpenSSH public key such as \"ssh-ed25519 AAAA… laptop\", without options in front");
        }
        var type = line.group(1);
        var blob = decode(line.group(2));
        check(type, blob);
        var comment = line.group(3) == null ? "" : " " + line.group(3).strip();
        // As OpenSSH writes it: it refuses a key without padding, which decoders here accept.
        var base64 = Base64.getEncoder().encodeToString(blob);
        return new OpenSshKey(type, type + " " + base64 + (comment.isBlank() ? "" : comment), fingerprint(blob));
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not whole: its base64 part cannot be decoded", e);
        }
    }

    private static void check(String type, byte[] blob) {
        try {
            var wire = ByteBuffer.wrap(blob);
            if (!type.equals(text(wire))) {
                throw new IllegalArgumentException("says " + type + ", but the key inside is of another type");
            }
            switch (type) {
                case "ssh-ed25519" -> ed25519(wire);
                case "sk-ssh-ed25519@openssh.com" -> {
                    ed25519(wire);
                    application(wire);
                }
                case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521" ->
                    point(wire, type.substring("ecdsa-sha2-".length()));
                case "sk-ecdsa-sha2-nistp256@openssh.com" -> {
                    point(wire, "nistp256");
                    application(wire);
                }
                case "ssh-rsa" -> rsa(wire);
                default ->
                    throw new IllegalArgumentException(
                            "is of type " + type
                                    + ", which is not accepted: use ed25519, ecdsa (256, 384, 521), a security key, or rsa of at least 2048 bits");
            }
            if (wire.hasRemaining()) {
                throw new IllegalArgumentException("has more in it than a key of its type has");
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("is not whole: the key ends in the middle", e);
        }
    }

    private static void ed25519(ByteBuffer wire) {
        if (bytes(wire).length != 32) {
            throw new IllegalArgumentException("is not an ed25519 key: those have 32 bytes");
        }
    }

    private static void application(ByteBuffer wire) {
        if (bytes(wire).length == 0) {
            throw new IllegalArgumentException("is a security key without its application");
        }
    }

    private static void point(ByteBuffer wire, String curve) {
        if (!curve.equals(text(wire))) {
            throw new IllegalArgumentException("names another curve than its type");
        }
        var point = bytes(wire);
        var coordinate = CURVES.getOrDefault(curve, 0);
        if (point.length != 1 + 2 * coordinate || point[0] != 4) {
            throw new IllegalArgumentException("is not a point of the curve " + curve + " in uncompressed form");
        }
    }

    private static void rsa(ByteBuffer wire) {
        var exponent = positive(wire);
        var bits = positive(wire).bitLength();
        if (bits < SHORTEST_RSA || bits > LONGEST_RSA) {
            throw new IllegalArgumentException(
                    "is an rsa key of " + bits + " bits: it needs " + SHORTEST_RSA + " to " + LONGEST_RSA);
        }
        if (!exponent.testBit(0) || exponent.compareTo(BigInteger.TWO) < 0) {
            throw new IllegalArgumentException("is an rsa key with an impossible exponent");
        }
    }

    private static BigInteger positive(ByteBuffer wire) {
        var bytes = bytes(wire);
        var number = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
        if (number.signum() <= 0) {
            throw new IllegalArgumentException("is an rsa key with an impossible number in it");
        }
        return number;
    }

    private static String text(ByteBuffer wire) {
        return new String(bytes(wire), StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(ByteBuffer wire) {
        var length = wire.getInt();
        if (length < 0 || length > wire.remaining()) {
            throw new BufferUnderflowException();
        }
        var bytes = new byte[length];
        wire.get(bytes);
        return bytes;
    }

    private static String fingerprint(byte[] blob) {
        try {
            return "SHA256:"
                    + Base64.getEncoder()
                            .withoutPadding()
                            .encodeToString(MessageDigest.getInstance("SHA-256").digest(blob));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
