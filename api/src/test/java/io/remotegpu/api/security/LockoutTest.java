package io.remotegpu.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LockoutTest {

    @Test
    void anIpv6AddressStandsForItsNetworkAndAnIpv4AddressForItself() {
        assertThat(Lockout.network("2001:db8:1:2:3:4:5:6"))
                .isEqualTo(Lockout.network("2001:db8:1:2::1%eth0"))
                .isNotEqualTo(Lockout.network("2001:db8:1:3::1"));
        assertThat(Lockout.network("10.0.0.1")).isEqualTo("10.0.0.1").isEqualTo(Lockout.network("::ffff:10.0.0.1"));
    }
}
