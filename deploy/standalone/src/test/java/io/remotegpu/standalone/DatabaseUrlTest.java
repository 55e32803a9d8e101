package io.remotegpu.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DatabaseUrlTest {

    @Test
    void jdbcUrlsStayAsTheyAre() {
        String url = "jdbc:postgresql://db/remotegpu?user=a&password=b";
        assertThat(DatabaseUrl.parse(url)).isEqualTo(new DatabaseUrl(url, null, null));
    }

    @Test
    void theUsualUrlIsTakenApart() {
        assertThat(DatabaseUrl.parse("postgres://ann:p%40ss+word@db:5433/gpu?sslmode=require"))
                .isEqualTo(new DatabaseUrl("jdbc:postgresql://db:5433/gpu?sslmode=require", "ann", "p@ss+word"));
        assertThat(DatabaseUrl.parse("postgresql://db/gpu"))
                .isEqualTo(new DatabaseUrl("jdbc:postgresql://db/gpu", null, null));
    }

    @Test
    void anythingElseIsRefusedWithoutRepeatingThePassword() {
        assertThatThrownBy(() -> DatabaseUrl.parse("mysql://ann:secret@db/gpu"))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("REMOTEGPU_DATABASE_URL")
                .hasMessageNotContaining("secret");
    }
}
