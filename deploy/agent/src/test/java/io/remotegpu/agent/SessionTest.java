package io.remotegpu.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {

    @TempDir
    Path folder;

    @Test
    void aRestartedAgentHasItsSessionAgainAndEachHostItsOwn() throws Exception {
        UUID first;
        try (var session = Session.of("host-1", folder)) {
            first = session.id();
        }
        try (var again = Session.of("host-1", folder);
                var other = Session.of("host-2", folder)) {
            assertThat(again.id()).isEqualTo(first);
            assertThat(other.id()).isNotEqualTo(first);
        }
    }

    @Test
    void aSecondAgentWithTheSameFolderIsRefused() throws Exception {
        try (var _ = Session.of("host-1", folder)) {
            assertThatThrownBy(() -> Session.of("host-1", folder))
                    .isInstanceOf(AgentException.class)
                    .hasMessageContaining("runs on this machine already");
        }
    }

    @Test
    void aFileThatWasCutOffIsReplaced() throws Exception {
        Files.writeString(folder.resolve("host-1.session"), "3f2b8a52-7c");

        try (var session = Session.of("host-1", folder)) {
            assertThat(folder.resolve("host-1.session")).hasContent(session.id() + "\n");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> Session.of("host-1", file.resolve("agent")))
                .isInstanceOf(AgentException.class)
                .hasMessageContaining("--state");
    }
}
