package io.remotegpu.drivers.spi.probe;

import io.remotegpu.drivers.spi.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The first exchange of a service's protocol. */
@FunctionalInterface
interface Greeting {

    /** Null when the service answered as it should, otherwise what it did instead, as the end of a sentence. */
    @Nullable
    String wrongAnswer(Conversation conversation, String authority) throws IOException;

    static Greeting of(Service service) {
        return switch (service) {
            case SSH -> banner("SSH-", "SSH");
            // needs no token: https://jupyter-server.readthedocs.io/en/latest/developers/rest-api.html
            case JUPYTER -> http("/api", "\"version\"");
            case TENSORBOARD -> http("/", "");
            case VNC -> banner("RFB ", "VNC");
            case RDP -> Greeting::rdp;
        };
    }

    /** Both SSH (RFC 4253, 4.2) and VNC (RFC 6143, 7.1.1): the server speaks first. */
    private static Greeting banner(String expected, String protocol) {
        return (conversation, authority) -> {
            byte[] bytes = conversation.receive(expected.length());
            String said = new String(bytes, StandardCharsets.ISO_8859_1);
            return said.equals(expected) ? null : unexpected(said, protocol);
        };
    }

    private static Greeting http(String path, String expectedInBody) {
        return (conversation, authority) -> {
            conversation.send(("GET " + path + " HTTP/1.1\r\nHost: " + authority
                            + "\r\nUser-Agent: remotegpu-probe\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = conversation.receiveAll();
            String statusLine = answer.lines().findFirst().orElse("");
            if (!statusLine.startsWith("HTTP/1.")) {
                return unexpected(statusLine, "HTTP");
            }
            if (!statusLine.matches("HTTP/1\\.[01] 200( .*)?")) {
                return "answers '" + statusLine + "' to GET " + path;
            }
            return answer.contains(expectedInBody) ? null : "answers GET " + path + " without " + expectedInBody;
        };
    }

    /**
     * An X.224 connection request that offers TLS and CredSSP, which a server confirms before any secret is needed
     * (MS-RDPBCGR, 2.2.1.1 and 2.2.1.2).
     */
    private static @Nullable String rdp(Conversation conversation, String authority) throws IOException {
        conversation.send(new byte[] {
            3,
            0,
            0,
            19, // TPKT: version 3, 19 bytes
            14,
            (byte) 0xE0,
            0,
            0,
            0,
            0,
            0, // X.224 connection request
            1,
            0,
            8,
            0,
            3,
            0,
            0,
            0 // RDP negotiation request: TLS | CredSSP
        });
        byte[] answer = conversation.receive(6);
        boolean confirmed = answer.length == 6 && answer[0] == 3 && (answer[5] & 0xFF) == 0xD0;
        return confirmed ? null : unexpected(new String(answer, StandardCharsets.ISO_8859_1), "RDP");
    }

    private static String unexpected(String said, String protocol) {
        if (said.isEmpty()) {
            return "accepts and closes without a word of " + protocol;
        }
        String readable = said.replaceAll("[^\\x20-\\x7E]", "?");
        return "does not speak " + protocol + ", it says '" + readable.substring(0, Math.min(40, readable.length()))
                + "'";
    }
}
