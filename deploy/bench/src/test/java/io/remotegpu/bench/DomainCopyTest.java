package io.remotegpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DomainCopyTest {

    private static final UUID ENVIRONMENT = UUID.fromString("0b6d1a52-3f4e-4a0c-9d3b-6a1c2f7e8d90");
    private static final UUID COPY = UUID.fromString("11111111-2222-4333-8444-555555555555");

    private static final String REPORTED = """
            <domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
              <name>remotegpu-ID</name>
              <uuid>ID</uuid>
              <metadata>
                <remotegpu:environment xmlns:remotegpu="urn:remotegpu:environment:1" id="ID" installation="abc"/>
              </metadata>
              <memory unit='KiB'>524288</memory>
              <devices>
                <disk type='file' device='disk'>
                  <source file='/vm/machines/abc/ID/disk.qcow2'/>
                </disk>
                <disk type='file' device='disk'>
                  <source file='/vm/machines/abc/ID/seed.iso'/>
                </disk>
                <serial type='file'>
                  <source path='/vm/machines/abc/ID/console.log' append='on'/>
                </serial>
              </devices>
              <qemu:commandline>
                <qemu:arg value='user,id=remotegpu,ipv6=off,hostfwd=tcp:127.0.0.1:22003-:2222'/>
              </qemu:commandline>
            </domain>
            """.replace("ID", ENVIRONMENT.toString());

    private final DomainCopy copy = DomainCopy.of(ENVIRONMENT, REPORTED);

    @Test
    void itSaysWhereTheEnvironmentsFilesAndSshAre() {
        assertThat(copy.folder()).isEqualTo(Path.of("/vm/machines/abc", ENVIRONMENT.toString()));
        assertThat(copy.address()).isEqualTo("127.0.0.1");
        assertThat(copy.port()).isEqualTo(22003);
    }

    @Test
    void anotherHasItsOwnNameFilesAndPort() {
        assertThat(copy.named(COPY, Path.of("/vm/machines/bench-1"), 40001))
                .contains("<name>bench-" + COPY + "</name>")
                .contains("<uuid>" + COPY + "</uuid>")
                .contains("'/vm/machines/bench-1/disk.qcow2'")
                .contains("'/vm/machines/bench-1/seed.iso'")
                .contains("'/vm/machines/bench-1/console.log'")
                .contains("hostfwd=tcp:127.0.0.1:40001-:2222")
                .contains("<memory unit='KiB'>524288</memory>");
    }

    @Test
    void noRemoteGpuTakesItForItsOwn() {
        assertThat(copy.named(COPY, Path.of("/vm/machines/bench-1"), 40001))
                .doesNotContain(ENVIRONMENT.toString())
                .doesNotContain("metadata");
    }

    @Test
    void aMachineWithoutForwardedSshIsNoTemplate() {
        assertThatThrownBy(() -> DomainCopy.of(ENVIRONMENT, REPORTED.replace("hostfwd", "other")))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("hostfwd");
    }
}
