package io.remotegpu.db.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Together;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class AgentSessionsIT extends DatabaseTest {

    private static final UUID FIRST = UUID.randomUUID();
    private static final UUID SECOND = UUID.randomUUID();

    @Autowired
    private AgentSessions agents;

    @BeforeEach
    void oneHost() {
        host("host-1", 0);
    }

    @Test
    void aSecondAgentIsRefusedWhileTheFirstIsHeardOf() {
        assertThat(take(FIRST)).isEqualTo(FIRST);

        assertThat(take(SECOND)).isEqualTo(FIRST);
        assertThat(agents.of("host-1")).hasValueSatisfying(agent -> {
            assertThat(agent.isAlive()).isTrue();
            assertThat(agent.address()).isEqualTo("10.0.0.9");
        });
    }

    @Test
    void anAgentThatCameBackGoesOnAtOnce() {
        take(FIRST);
        var since = agents.of("host-1").orElseThrow().since();

        assertThat(take(FIRST)).isEqualTo(FIRST);
        assertThat(agents.of("host-1").orElseThrow().since()).isEqualTo(since);
    }

    @Test
    void anAgentThatIsSilentForLongCanBeReplacedAndThenIsRefused() {
        take(FIRST);
        jdbc.sql("UPDATE agent_sessions SET last_seen = last_seen - interval '31 seconds'")
                .update();
        assertThat(agents.of("host-1").orElseThrow().isAlive()).isFalse();

        assertThat(take(SECOND)).isEqualTo(SECOND);
        assertThat(take(FIRST)).isEqualTo(SECOND);
    }

    @Test
    void silenceAloneTakesNothing() {
        take(FIRST);
        jdbc.sql("UPDATE agent_sessions SET last_seen = last_seen - interval '1 day'")
                .update();

        assertThat(take(FIRST)).isEqualTo(FIRST);
        assertThat(take(SECOND)).isEqualTo(FIRST);
    }

    @Test
    void whoGivesTheHostUpLetsTheNextOneIn() {
        take(FIRST);
        agents.release("host-1", SECOND);
        assertThat(take(SECOND)).isEqualTo(FIRST);

        agents.release("host-1", FIRST);
        assertThat(take(SECOND)).isEqualTo(SECOND);
    }

    @Test
    void ofManyAtOnceOneGetsTheHost() throws Exception {
        var calls = Stream.generate(() -> (Callable<UUID>) () -> take(UUID.randomUUID()))
                .limit(16)
                .toList();

        assertThat(Together.run(calls)).extracting(Together.Outcome::failure).containsOnlyNulls();
        assertThat(Together.run(calls))
                .extracting(Together.Outcome::result)
                .containsOnly(agents.of("host-1").orElseThrow().session());
    }

    @Test
    void thereIsNothingToTakeOfAnUnknownHostAndARemovedOneIsForgotten() {
        assertThat(agents.take("nobody", FIRST, "10.0.0.9")).isEmpty();

        take(FIRST);
        hosts.delete("host-1");
        assertThat(agents.of("host-1")).isEmpty();
    }

    private UUID take(UUID session) {
        return agents.take("host-1", session, "10.0.0.9").orElseThrow().session();
    }
}
