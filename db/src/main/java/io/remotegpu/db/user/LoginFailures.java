package io.remotegpu.db.user;

import java.time.Duration;
import java.util.Collection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Failed logins per subject (an account, an address, or an account from one address), and the lock-out that grows with them.
 *
 * <p>Counted in the database, by its clock, so that several API processes count together.
 */
@Repository
public class LoginFailures {

    private final JdbcClient jdbc;

    LoginFailures(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How long the subjects are still locked out: the longest of them, zero when none is. */
    public Duration lockedFor(Collection<String> subjects) {
        var millis = jdbc.sql("""
                        SELECT coalesce(max(ceil(extract(epoch FROM locked_until - clock_timestamp()) * 1000)), 0)::bigint
                        FROM login_failures WHERE subject IN (:subjects)""").param("subjects", subjects).query(Long.class).single();
        return Duration.ofMillis(Math.max(0, millis));
    }

    /**
     * Counts a failure. From {@code free} failures on the subject is locked out, for {@code first}, then twice as long
     * with each further failure, {@code longest} at most. Failures are forgotten after {@code memory} without a new one.
     */
    public void count(String subject, int free, Duration first, Duration longest, Duration memory) {
        jdbc.sql("""
                        INSERT INTO login_failures AS f (subject, failures, locked_until, updated_at)
                        VALUES (:subject, 1,
                                clock_timestamp() + CASE WHEN 1 >= :free THEN :first ELSE 0 END * interval '1 second',
                                clock_timestamp())
                        ON CONFLICT (subject) DO UPDATE SET
                            failures = CASE WHEN f.updated_at < clock_timestamp() - :memory * interval '1 second'
                                            THEN 1 ELSE least(f.failures + 1, 1000000) END,
                            locked_until = clock_timestamp() + CASE
                                WHEN f.updated_at < clock_timestamp() - :memory * interval '1 second' THEN 0
                                WHEN f.failures + 1 < :free THEN 0
                                ELSE least(:longest, :first * power(2, least(f.failures + 1 - :free, 30)))
                                END * interval '1 second',
                            updated_at = clock_timestamp()""")
                .param("subject", subject)
                .param("free", free)
                .param("first", first.toSeconds())
                .param("longest", longest.toSeconds())
                .param("memory", memory.toSeconds())
                .update();
    }

    /** Forgets a subject's failures. */
    public void forget(String subject) {
        jdbc.sql("DELETE FROM login_failures WHERE subject = ?").param(subject).update();
    }

    /** Forgets every subject without a failure since {@code memory}, so that the table stays small. */
    public void forgetOlderThan(Duration memory) {
        jdbc.sql("""
                        DELETE FROM login_failures
                        WHERE updated_at < clock_timestamp() - ? * interval '1 second' AND locked_until < clock_timestamp()""").param(memory.toSeconds()).update();
    }
}
