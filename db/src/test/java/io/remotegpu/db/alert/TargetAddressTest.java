package io.remotegpu.db.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com/hook?x=1",
                "http://alerts.internal:8080",
                "HTTPS://Example.com",
                "https://[2001:db8::1]:8443/x"
            })
    void whatAWebhookUsuallyHasIsTaken(String address) {
        assertThat(TargetAddress.parse(address).getHost()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "file:///etc/passwd",
                "ftp://example.com",
                "gopher://example.com/x",
                "jar:http://example.com!/x",
                "javascript:alert(1)",
                "http:example.com",
                "http://",
                "http:///x",
                "https://user:password@example.com",
                "https://user@example.com",
                "https://example.com/#x",
                "https://example.com:0",
                "https://example.com:65536",
                "https://example.com:x",
                "https://a b",
                "https://a\nb",
                "https://under_score.example.com"
            })
    void anythingElseIsNot(String address) {
        assertThatThrownBy(() -> TargetAddress.parse(address)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "fe80::1",
                "0.0.0.0",
                "::",
                "224.0.0.1",
                "ff02::1",
                "fd00:ec2::254",
                "100.100.100.200",
                "127.0.0.1",
                "127.8.8.8",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:169.254.169.254"
            })
    void nothingIsPostedThere(String address) throws UnknownHostException {
        assertThat(TargetAddress.isClosed(InetAddress.getByName(address), true)).isTrue();
    }

    @Test
    void networksOfOnesOwnAreOpenAndTheMachineItselfBySetting() throws UnknownHostException {
        for (var address :
                new String[] {"10.1.2.3", "192.168.1.4", "172.16.0.1", "8.8.8.8", "2001:db8::1", "fd00::1"}) {
            assertThat(TargetAddress.isClosed(InetAddress.getByName(address), true))
                    .as(address)
                    .isFalse();
        }
        assertThat(TargetAddress.isClosed(InetAddress.getByName("127.0.0.1"), false))
                .isFalse();
    }
}
