package io.remotegpu.standalone.e2e;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** The first words of desktop protocols, as their clients say them. */
final class Handshakes {

    private static final int TIMEOUT_MILLIS = 15_000;
    private static final byte VNC_AUTHENTICATION = 2;
    private static final int X224_CONFIRM = 0xD0;

    /** Whether the VNC server lets this password in (RFC 6143, section 7.2.2). */
    static boolean vncAccepts(String host, int port, String password) {
        try (var socket = new Socket(host, port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            var in = new DataInputStream(socket.getInputStream());
            var out = socket.getOutputStream();
            String version = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
            if (!version.startsWith("RFB 003.008")) {
                throw new AssertionError("not the greeting of a VNC server: " + version);
            }
            out.write("RFB 003.008\n".getBytes(StandardCharsets.US_ASCII));
            byte[] offered = in.readNBytes(in.readUnsignedByte());
            if (Arrays.binarySearch(sorted(offered), VNC_AUTHENTICATION) < 0) {
                throw new AssertionError("it offers no password authentication: " + Arrays.toString(offered));
            }
            out.write(VNC_AUTHENTICATION);
            out.write(answer(in.readNBytes(16), password));
            return in.readInt() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it answers an X.224 connection request with a confirm (MS-RDPBCGR, section 2.2.1.1). */
    static boolean rdpConfirms(String host, int port) {
        byte[] request = {3, 0, 0, 19, 14, (byte) 0xE0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0};
        try (var socket = new Socket(host, port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request);
            byte[] start = socket.getInputStream().readNBytes(6);
            return start.length == 6 && start[0] == 3 && Byte.toUnsignedInt(start[5]) == X224_CONFIRM;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] sorted(byte[] bytes) {
        byte[] copy = bytes.clone();
        Arrays.sort(copy);
        return copy;
    }

    private static byte[] answer(byte[] challenge, String password) {
        byte[] key = Arrays.copyOf(password.getBytes(StandardCharsets.US_ASCII), 8);
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (Integer.reverse(key[i]) >>> 24); // VNC's DES reads each byte from its other end
        }
        try {
            var cipher = Cipher.getInstance("DES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
            return cipher.doFinal(challenge);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Handshakes() {}
}
